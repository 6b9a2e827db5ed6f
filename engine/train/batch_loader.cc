#include "engine/train/batch_loader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

absl::Status CheckCount(absl::string_view field, int value, int high) {
  if (value >= 1 && value <= high) return absl::OkStatus();
  return InvalidField(field, absl::StrCat(value, " is not in 1..", high));
}

}  // namespace

absl::Status LoaderOptions::Validate() const {
  RETURN_IF_ERROR(CheckCount("side", side, 4096));
  RETURN_IF_ERROR(CheckCount("workers", workers, 256));
  return CheckCount("prefetch", prefetch, 1000);
}

absl::StatusOr<std::unique_ptr<BatchLoader>> BatchLoader::Make(
    std::vector<Stream> streams, PixelCache& cache,
    const LoaderOptions& options) {
  RETURN_IF_ERROR(options.Validate());
  ASSIGN_OR_RETURN(BatchMaker maker,
                   BatchMaker::Make(std::move(streams), cache, options.seed,
                                    options.side, options.fit));
  return std::unique_ptr<BatchLoader>(
      new BatchLoader(std::move(maker), options));
}

BatchLoader::BatchLoader(BatchMaker maker, const LoaderOptions& options)
    : maker_(std::move(maker)), prefetch_(options.prefetch) {
  for (int i = 0; i < options.workers; ++i) {
    workers_.emplace_back([this] { Work(); });
  }
}

BatchLoader::~BatchLoader() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& worker : workers_) worker.join();
}

absl::StatusOr<LoadedBatch> BatchLoader::Load(int64_t step) {
  if (step < 0) return InvalidField("step", absl::StrCat(step, " is negative"));
  absl::MutexLock lock(&mutex_);
  if (step != next_to_load_) {
    ++round_;
    ready_.clear();
    next_to_load_ = next_to_make_ = step;
  }
  const auto is_ready = [this, step]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return ready_.contains(step);
  };
  mutex_.Await(absl::Condition(&is_ready));
  next_to_load_ = step + 1;
  return std::move(ready_.extract(step).mapped());
}

absl::StatusOr<LoadedBatch> BatchLoader::Next() {
  int64_t step = 0;
  {
    absl::MutexLock lock(&mutex_);
    step = next_to_load_;
  }
  return Load(step);
}

void BatchLoader::Work() {
  while (true) {
    int64_t step = 0;
    int64_t round = 0;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &BatchLoader::HasWork));
      if (stopping_) return;
      step = next_to_make_++;
      round = round_;
    }
    const auto cancelled = [this, round] {
      absl::MutexLock lock(&mutex_);
      return stopping_ || round != round_;
    };
    absl::StatusOr<LoadedBatch> batch = maker_.Load(step, cancelled);
    absl::MutexLock lock(&mutex_);
    if (round == round_) ready_.emplace(step, std::move(batch));
  }
}

}  // namespace likeness
