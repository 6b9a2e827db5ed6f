#ifndef LIKENESS_ENGINE_COLLECTION_SEGMENT_VIEWS_H_
#define LIKENESS_ENGINE_COLLECTION_SEGMENT_VIEWS_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "engine/collection/live_segments.h"
#include "engine/collection/segment_manifest.h"
#include "engine/collection/segment_options.h"
#include "engine/collection/view.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// The view that searches take, and the two that replace it: the writer, who
// takes what was committed, and the builder, who puts sealed segments in the
// place of others. Thread-safe; readers wait for nobody.
class SegmentViews {
 public:
  // Starts from `sealed`, which `store` may have gone beyond, and takes the
  // rest from the store. DATA_LOSS (reason CORRUPT_DATA) when the two don't
  // belong together.
  static absl::StatusOr<std::unique_ptr<SegmentViews>> Open(
      std::shared_ptr<const StoreReader> store, LiveSegments live,
      SealedViews sealed);

  std::shared_ptr<const View> Current() const { return view_.load(); }

  // Publishes a view with `mutations` in it; `store` is a snapshot taken after
  // them. After an error the view no longer agrees with the store.
  absl::Status Take(absl::Span<const Mutation> mutations,
                    absl::Span<const Applied> applied,
                    std::shared_ptr<const StoreReader> store)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Publishes a view of `store`, a newer snapshot that has the same operations;
  // no effect when it has others. What only older snapshots see may then leave
  // the disk.
  void Renew(std::shared_ptr<const StoreReader> store)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Segments to be made one, as they were when they were looked at.
  struct Merge {
    size_t first = 0;
    std::vector<SegmentView> parts;
  };
  std::optional<Merge> NextMerge(const SegmentOptions& options) const;

  // All rows there are, for a compaction; freezes the growing segment. nullopt
  // when they are one sealed segment of live rows, built by `options`, already.
  absl::StatusOr<std::optional<Merge>> MergeOfAll(const SegmentOptions& options)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Publishes a view with `built` (empty: nothing was live) in the place of the
  // parts. One thread at a time calls this and asks for merges.
  void Replace(const Merge& merge, LiveSegments::Built built)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  explicit SegmentViews(LiveSegments live) : live_(std::move(live)) {}

  void Publish(std::shared_ptr<const StoreReader> store)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  LiveSegments live_ ABSL_GUARDED_BY(mutex_);
  std::atomic<std::shared_ptr<const View>> view_;
};

// The sealed segments of `view`.
SealedViews SealedOf(const View& view);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEGMENT_VIEWS_H_
