#ifndef LIKENESS_ENGINE_COLLECTION_SEGMENT_BUILDER_H_
#define LIKENESS_ENGINE_COLLECTION_SEGMENT_BUILDER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/collection/segment_options.h"
#include "engine/collection/segment_views.h"
#include "engine/core/space.h"

namespace likeness {

// Builds sealed segments in the background, one at a time, on a thread of low
// priority that is there only while there is something to build. Thread-safe.
//
// A segment is searched from the moment that its files are whole; then the
// manifest that names it is replaced, then the files of the segments that it
// replaced are removed. Whatever a crash leaves behind is removed at the next
// start. Searches of older views still read removed files, which the system
// keeps until they end.
class SegmentBuilder {
 public:
  // `views` is borrowed. Vectors are of `dimensions`; numbers of new segments
  // begin at `next_number`.
  SegmentBuilder(SegmentViews& views, std::string folder,
                 const SegmentOptions& options, const PerSpace<int>& dimensions,
                 uint64_t next_number);
  // Gives up what is being built.
  ~SegmentBuilder();
  SegmentBuilder(const SegmentBuilder&) = delete;
  SegmentBuilder& operator=(const SegmentBuilder&) = delete;

  // For what is built from now on.
  void SetOptions(const SegmentOptions& options) ABSL_LOCKS_EXCLUDED(mutex_);

  // To be called when there may be something to build. Doesn't wait.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);

  // Builds one segment of all rows there are, and waits until it is searched.
  absl::Status Compact() ABSL_LOCKS_EXCLUDED(mutex_);

  // Share of the segment that is being built, 0 to 1, about.
  double progress() const;

  // Gives up what is being built; nothing is built any more.
  void Stop() { stop_ = true; }

  // The error that stopped the builder last, if any; the next Wake makes it try
  // again.
  absl::Status status() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The same, but OK while it is trying again.
  absl::Status stalled() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Start() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  SegmentOptions options() const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status BuildOneOfAll() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status BuildWhatIsDue() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Build(const SegmentViews::Merge& merge,
                     const SegmentOptions& options);
  absl::StatusOr<LiveSegments::Built> WriteAndOpen(
      uint64_t number, const SegmentViews::Merge& merge,
      const SegmentOptions& options);
  // And then removes the files that no manifest names any more.
  absl::Status WriteDueManifest();

  SegmentViews& views_;
  const std::string folder_;
  const PerSpace<int> dimensions_;
  // The building thread's own.
  uint64_t next_number_;
  bool manifest_due_ = false;  // It doesn't name what is searched.
  // Segments that are searched no more, and may stand in the manifest still.
  std::vector<uint64_t> replaced_;
  std::atomic<bool> stop_{false};
  // Of the segment that is being built, insertions into graphs: done, and in
  // all.
  std::atomic<uint64_t> steps_{0};
  std::atomic<uint64_t> all_steps_{0};

  mutable absl::Mutex mutex_;
  SegmentOptions options_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  // Calls of Compact so far, and how many of them are answered.
  uint64_t asked_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status compacted_ ABSL_GUARDED_BY(mutex_);  // The last answer.
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEGMENT_BUILDER_H_
