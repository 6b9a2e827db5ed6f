#ifndef LIKENESS_ENGINE_COLLECTION_COMPACTOR_H_
#define LIKENESS_ENGINE_COLLECTION_COMPACTOR_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/collection/collection_stats.h"
#include "engine/collection/segment_builder.h"
#include "engine/collection/segment_views.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// Compacts a collection on a thread of its own, which is there only while one
// runs: first its segments, then the tables of its store. Thread-safe.
class Compactor {
 public:
  // `renew_views` gives all collections of the directory views of the store as
  // it is: RocksDB keeps on the disk what the oldest of them sees, also of
  // other collections. All are borrowed.
  Compactor(SegmentBuilder& builder, const SegmentViews& views,
            MetadataStore& store, std::function<void()> renew_views);
  // Gives up what is running.
  ~Compactor();
  Compactor(const Compactor&) = delete;
  Compactor& operator=(const Compactor&) = delete;

  // Begins a compaction, unless one is running.
  void Start() ABSL_LOCKS_EXCLUDED(mutex_);

  // Waits for one that is running, then does one of its own.
  absl::Status Compact() ABSL_LOCKS_EXCLUDED(mutex_);

  // Of the newest one.
  CompactionState state() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Launch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status CompactAll() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<CollectionSize> Measure() const;
  // Shows that the work has come to `phase` and this share of it.
  void Show(CompactionState::Phase phase, double progress)
      ABSL_LOCKS_EXCLUDED(mutex_);

  SegmentBuilder& builder_;
  const SegmentViews& views_;
  MetadataStore& store_;
  const std::function<void()> renew_views_;
  std::atomic<bool> stop_{false};

  mutable absl::Mutex mutex_;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t ended_ ABSL_GUARDED_BY(mutex_) = 0;  // Compactions so far.
  absl::Status last_ ABSL_GUARDED_BY(mutex_);   // Of the last that ended.
  CompactionState state_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_COMPACTOR_H_
