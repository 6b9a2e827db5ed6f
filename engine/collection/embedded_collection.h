#ifndef LIKENESS_ENGINE_COLLECTION_EMBEDDED_COLLECTION_H_
#define LIKENESS_ENGINE_COLLECTION_EMBEDDED_COLLECTION_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/collection/compactor.h"
#include "engine/collection/generation.h"
#include "engine/collection/group_committer.h"
#include "engine/collection/growing_segment.h"
#include "engine/collection/segment_builder.h"
#include "engine/collection/segment_options.h"
#include "engine/collection/segment_views.h"
#include "engine/collection/view.h"
#include "engine/collection/view_peers.h"
#include "engine/collection/write_gate.h"
#include "engine/collection/write_throttle.h"

namespace likeness {

// A collection in this process: a store, and segments that are derived from it:
// sealed ones, which are opened at the start, and the newest rows, which are
// read from the store then. Segments that are missing, damaged or don't belong
// to the store are built anew from it.
//
// Writes go through a group committer: the store syncs them, the indexes take
// them in the order of operation ids, a new view is published, and only then
// their callers are answered. Reads and searches take the view that is current
// when they begin and wait for no writer.
//
// Should an index fail to take what the store has already synced, the two no
// longer agree: from then on every call fails with FAILED_PRECONDITION (reason
// OUT_OF_STEP) until the collection is opened anew, which rebuilds the indexes.
class EmbeddedCollection final : public Generation {
 public:
  // `make_index` makes the indexes that grow. `peers` are those of the
  // directory; null: there are no others.
  static absl::StatusOr<std::unique_ptr<EmbeddedCollection>> Open(
      CollectionSpec spec, std::unique_ptr<MetadataStore> store,
      const IndexFactory& make_index, const SegmentOptions& options = {},
      std::shared_ptr<ViewPeers> peers = nullptr);
  ~EmbeddedCollection() override { peers_->Remove(this); }

  CollectionSpec spec() const override { return *spec_.load(); }
  using Collection::Apply;
  std::vector<WriteResult> Apply(
      std::vector<AtomicWrite> writes,
      const std::function<absl::Status()>& still_wanted) override;
  absl::StatusOr<uint64_t> SweepExpired(absl::Time now, int limit) override;
  absl::StatusOr<DeleteResult> DeleteMatching(
      const DeleteRequest& request) override;
  absl::StatusOr<Item> Get(absl::string_view id,
                           ReadParts parts) const override;
  absl::StatusOr<ItemWithVectors> GetWithVectors(
      absl::string_view id, ReadParts parts) const override;
  absl::StatusOr<std::vector<std::optional<Item>>> GetMany(
      absl::Span<const std::string> ids, ReadParts parts) const override;
  absl::StatusOr<ItemPage> List(absl::string_view start_id, int limit,
                                ReadParts parts) const override;
  absl::StatusOr<SearchResult> Search(
      const SearchRequest& request) const override;
  absl::StatusOr<std::vector<float>> SampleVectors(
      Space space, size_t count, uint64_t seed) const override;
  CollectionStats stats() const override;
  absl::Status Compact() override;
  void StartCompaction() override { compactor_.Start(); }
  uint64_t size() const override;
  uint64_t last_op_id() const override;
  absl::StatusOr<std::vector<Operation>> ListOperations(
      uint64_t op_id, int limit) const override;
  absl::StatusOr<ItemVectors> GetVectors(absl::string_view id) const override;
  absl::Status Follow(std::vector<Operation> operations) override
      ABSL_LOCKS_EXCLUDED(commit_mutex_);
  void HoldWrites() override { gate_.Close(); }
  void ReleaseWrites() override { gate_.Open(); }
  void SetIndexOptions(const IndexOptions& options) override;

  // Groups committed since the collection was opened: with concurrent writers
  // fewer than their calls.
  uint64_t commit_groups() const { return committer_.groups(); }

 private:
  EmbeddedCollection(CollectionSpec spec, std::unique_ptr<MetadataStore> store,
                     std::unique_ptr<SegmentViews> views,
                     const SegmentOptions& options,
                     std::shared_ptr<ViewPeers> peers, absl::Status opened);

  // Lets go of what only older snapshots of the store see. No effect when that
  // can't be, or while a write is being published: that does it as well.
  void RenewView();
  absl::Status CheckInStep() const;
  absl::Status Prepare(AtomicWrite& write) const;
  // Run on one writer's thread at a time.
  std::vector<WriteResult> CommitGroup(std::vector<AtomicWrite> writes);
  absl::StatusOr<Committed> Commit(std::vector<AtomicWrite> writes)
      ABSL_LOCKS_EXCLUDED(commit_mutex_);
  // Publishes a view with `committed` in it. After an error every call fails.
  absl::Status Publish(const Committed& committed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(commit_mutex_);
  void BuildIfDue();
  WriteThrottle::Backlog Backlog() const;
  absl::Status AwaitRoom(absl::Span<const AtomicWrite> writes,
                         const std::function<absl::Status()>& still_wanted);

  std::atomic<std::shared_ptr<const CollectionSpec>> spec_;
  const std::unique_ptr<MetadataStore> store_;
  const std::unique_ptr<SegmentViews> views_;
  const SegmentOptions options_;
  const std::shared_ptr<ViewPeers> peers_;
  const absl::Status opened_;
  SegmentBuilder builder_;
  Compactor compactor_;
  WriteGate gate_;
  const WriteThrottle throttle_;
  std::atomic<bool> in_step_{true};  // Index and store agree.
  absl::Mutex commit_mutex_;  // Held from the store's write to the new view.
  GroupCommitter committer_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_EMBEDDED_COLLECTION_H_
