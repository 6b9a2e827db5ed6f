#ifndef LIKENESS_ENGINE_COLLECTION_EMBEDDED_COLLECTION_H_
#define LIKENESS_ENGINE_COLLECTION_EMBEDDED_COLLECTION_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/collection/collection.h"
#include "engine/collection/group_committer.h"
#include "engine/collection/live_rows.h"
#include "engine/collection/view.h"

namespace likeness {

// A collection in this process: a store, and an index of each space that is
// rebuilt from it at the start.
//
// Writes go through a group committer: the store syncs them, the indexes take
// them in the order of operation ids, a new view is published, and only then
// their callers are answered. Reads and searches take the view that is current
// when they begin and wait for no writer.
//
// Should an index fail to take what the store has already synced, the two no
// longer agree: from then on every call fails with FAILED_PRECONDITION (reason
// OUT_OF_STEP) until the collection is opened anew, which rebuilds the indexes.
class EmbeddedCollection final : public Collection {
 public:
  // Reads all vectors of `store`.
  static absl::StatusOr<std::unique_ptr<EmbeddedCollection>> Open(
      CollectionSpec spec, std::unique_ptr<MetadataStore> store,
      const IndexFactory& make_index);

  const CollectionSpec& spec() const override { return spec_; }
  std::vector<WriteResult> Apply(std::vector<AtomicWrite> writes) override;
  absl::StatusOr<uint64_t> SweepExpired(absl::Time now, int limit) override;
  absl::StatusOr<Item> Get(absl::string_view id,
                           ReadParts parts) const override;
  absl::StatusOr<std::vector<std::optional<Item>>> GetMany(
      absl::Span<const std::string> ids, ReadParts parts) const override;
  absl::StatusOr<ItemPage> List(absl::string_view start_id, int limit,
                                ReadParts parts) const override;
  absl::StatusOr<SearchResult> Search(
      const SearchRequest& request) const override;
  uint64_t size() const override;
  uint64_t last_op_id() const override;

  // Groups committed since the collection was opened: with concurrent writers
  // fewer than their calls.
  uint64_t commit_groups() const { return committer_.groups(); }

 private:
  EmbeddedCollection(CollectionSpec spec, std::unique_ptr<MetadataStore> store,
                     LiveRows rows);

  std::shared_ptr<const View> CurrentView() const;
  absl::Status CheckInStep() const;
  absl::Status Prepare(AtomicWrite& write) const;
  // Run on one writer's thread at a time.
  std::vector<WriteResult> CommitGroup(std::vector<AtomicWrite> writes);
  absl::StatusOr<Committed> Commit(std::vector<AtomicWrite> writes);
  absl::Status Publish(absl::Span<const Mutation> mutations,
                       absl::Span<const Applied> applied);

  const CollectionSpec spec_;
  const std::unique_ptr<MetadataStore> store_;
  LiveRows rows_;  // Of the thread that commits.
  std::atomic<std::shared_ptr<const View>> view_;
  std::atomic<bool> in_step_{true};  // Index and store agree.
  GroupCommitter committer_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_EMBEDDED_COLLECTION_H_
