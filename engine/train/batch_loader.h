// Batches of views, made by worker threads ahead of the training. Mentions no
// LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_BATCH_LOADER_H_
#define LIKENESS_ENGINE_TRAIN_BATCH_LOADER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/augment/view_recipe.h"
#include "engine/dataset/dataset.h"
#include "engine/dataset/pixel_cache.h"
#include "engine/image/image.h"
#include "engine/image/prepare.h"
#include "engine/train/batch_maker.h"
#include "engine/train/sampler.h"

namespace likeness {

struct LoaderOptions {
  uint64_t seed = 0;
  int side = 192;  // Of the views, pixels, 1..4096.
  Fit fit = Fit::kStretch;
  int workers = 1;   // Threads, 1..256.
  int prefetch = 2;  // Batches that are made or wait, 1..1000.

  // INVALID_ARGUMENT names the field that is out of range.
  absl::Status Validate() const;
};

// Makes batches ahead in worker threads; hands them out in the order of the
// steps. A batch is a function of (seed, step) alone: how many workers there
// are, and in which order they finish, changes nothing. Thread-safe; meant for
// one reader.
class BatchLoader {
 public:
  // Borrows the data sets of `streams` and `cache`. Errors are those of
  // LoaderOptions and BatchMaker.
  static absl::StatusOr<std::unique_ptr<BatchLoader>> Make(
      std::vector<Stream> streams, PixelCache& cache,
      const LoaderOptions& options);

  // Waits for no more than the views that are being made.
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  // The batch of `step` >= 0, waited for. Steps in a row have been made ahead;
  // with any other, making ahead begins anew from there. Errors are
  // BatchMaker's for this step; the next step can still be asked for.
  absl::StatusOr<LoadedBatch> Load(int64_t step) ABSL_LOCKS_EXCLUDED(mutex_);

  // The batch after the last one; step 0 at first.
  absl::StatusOr<LoadedBatch> Next() ABSL_LOCKS_EXCLUDED(mutex_);

  // Labels are below it. Classes of a data set that two streams share are the
  // same.
  int num_classes() const { return maker_.num_classes(); }

  // Pictures that could not be read so far, by path: a log must not be silent
  // about them.
  std::vector<BrokenPicture> broken() const { return maker_.broken(); }

 private:
  BatchLoader(BatchMaker maker, const LoaderOptions& options);

  void Work() ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || next_to_make_ < next_to_load_ + prefetch_;
  }

  const BatchMaker maker_;
  const int64_t prefetch_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Counts the times that making ahead began anew: older batches are dropped.
  int64_t round_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t next_to_load_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t next_to_make_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int64_t, absl::StatusOr<LoadedBatch>> ready_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> workers_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_BATCH_LOADER_H_
