#include "engine/collection/segment_builder.h"

#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/collection/merge_plan.h"
#include "engine/collection/sealed_segment.h"
#include "engine/collection/segment_manifest.h"
#include "engine/core/durable_writes.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// Searches and writers come first.
constexpr int kNiceness = 10;

bool HasLiveRows(const SegmentViews::Merge& merge) {
  for (const SegmentView& part : merge.parts) {
    if (part.live->Count() > 0) return true;
  }
  return false;
}

// Steps of building the indexes of `merge`, at most, about: not every live item
// has a vector in each space, and some have several.
uint64_t StepsOf(const SegmentViews::Merge& merge,
                 const SegmentOptions& options) {
  uint64_t steps = 0;
  const std::vector<SegmentSize> sizes = SizesOf(merge.parts);
  for (const Space space : kAllSpaces) {
    size_t rows = 0;
    for (size_t i = 0; i < sizes.size(); ++i) {
      if (merge.parts[i].segment->space(space) != nullptr) {
        rows += sizes[i].live;
      }
    }
    steps += BuildSteps(options.ParamsFor(rows), rows);
  }
  return steps;
}

absl::Status Closed() {
  return absl::CancelledError("the collection was closed");
}

}  // namespace

SegmentBuilder::SegmentBuilder(SegmentViews& views, std::string folder,
                               const SegmentOptions& options,
                               const PerSpace<int>& dimensions,
                               uint64_t next_number)
    : views_(views),
      folder_(std::move(folder)),
      dimensions_(dimensions),
      next_number_(next_number),
      options_(options) {}

SegmentBuilder::~SegmentBuilder() {
  stop_ = true;
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void SegmentBuilder::SetOptions(const SegmentOptions& options) {
  absl::MutexLock lock(&mutex_);
  options_ = options;
}

SegmentOptions SegmentBuilder::options() const {
  absl::MutexLock lock(&mutex_);
  return options_;
}

void SegmentBuilder::Wake() {
  absl::MutexLock lock(&mutex_);
  Start();
}

void SegmentBuilder::Start() {
  woken_ = true;
  if (running_) return;
  if (thread_.joinable()) thread_.join();  // It has nothing left to do.
  running_ = true;
  thread_ = std::thread([this] { Run(); });
}

absl::Status SegmentBuilder::Compact() {
  absl::MutexLock lock(&mutex_);
  const uint64_t mine = ++asked_;
  Start();
  const auto answered = [this, mine]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return answered_ >= mine || !running_;
  };
  mutex_.Await(absl::Condition(&answered));
  return answered_ >= mine ? compacted_ : Closed();
}

double SegmentBuilder::progress() const {
  const auto all = static_cast<double>(std::max<uint64_t>(all_steps_, 1));
  return std::min(1.0, static_cast<double>(steps_) / all);
}

absl::Status SegmentBuilder::stalled() const {
  absl::MutexLock lock(&mutex_);
  return running_ ? absl::OkStatus() : status_;
}

absl::Status SegmentBuilder::status() const {
  absl::MutexLock lock(&mutex_);
  return status_;
}

void SegmentBuilder::Run() {
  // Of this thread alone, on Linux.
  setpriority(PRIO_PROCESS, 0, kNiceness);
  while (true) {
    uint64_t asked = 0;
    bool compact = false;
    {
      absl::MutexLock lock(&mutex_);
      asked = asked_;
      compact = answered_ < asked;
      if (stop_ || (!compact && !woken_)) {
        running_ = false;
        return;
      }
      woken_ = false;
    }
    absl::Status status = compact ? BuildOneOfAll() : BuildWhatIsDue();
    absl::MutexLock lock(&mutex_);
    if (compact) {
      answered_ = asked;
      compacted_ = status;
      // What came meanwhile; after an error only when there is a new reason.
      if (status.ok()) woken_ = true;
    }
    status_ = std::move(status);
  }
}

absl::Status SegmentBuilder::BuildOneOfAll() {
  // One that could not be written is not forgotten.
  if (manifest_due_) RETURN_IF_ERROR(WriteDueManifest());
  const SegmentOptions options = this->options();
  ASSIGN_OR_RETURN(const auto merge, views_.MergeOfAll(options));
  return merge.has_value() ? Build(*merge, options) : absl::OkStatus();
}

absl::Status SegmentBuilder::BuildWhatIsDue() {
  if (manifest_due_) RETURN_IF_ERROR(WriteDueManifest());
  while (true) {
    const SegmentOptions options = this->options();
    const auto merge = views_.NextMerge(options);
    if (!merge.has_value()) return absl::OkStatus();
    if (stop_) return Closed();
    RETURN_IF_ERROR(Build(*merge, options));
  }
}

absl::StatusOr<LiveSegments::Built> SegmentBuilder::WriteAndOpen(
    uint64_t number, const SegmentViews::Merge& merge,
    const SegmentOptions& options) {
  steps_ = 0;
  all_steps_ = StepsOf(merge, options);
  const BuildPace pace = [this, &options] {
    ++steps_;
    return (!options.pace || options.pace()) && !stop_;
  };
  RETURN_IF_ERROR(WriteSegment(folder_, number, merge.parts, options, pace));
  ASSIGN_OR_RETURN(const auto segment,
                   SealedSegment::Open(folder_, number, dimensions_));
  return LiveSegments::Built{segment, segment->fields()};
}

absl::Status SegmentBuilder::Build(const SegmentViews::Merge& merge,
                                   const SegmentOptions& options) {
  RETURN_IF_ERROR(MakeFolderDurably(folder_));
  LiveSegments::Built built;
  if (HasLiveRows(merge)) {
    const uint64_t number = next_number_++;
    absl::StatusOr<LiveSegments::Built> written =
        WriteAndOpen(number, merge, options);
    if (!written.ok()) {
      RemoveSegment(folder_, number);
      return written.status();
    }
    built = *std::move(written);
  }
  views_.Replace(merge, std::move(built));
  manifest_due_ = true;
  for (const SegmentView& part : merge.parts) {
    const std::optional<uint64_t> replaced = part.segment->number();
    if (replaced.has_value()) replaced_.push_back(*replaced);
  }
  return WriteDueManifest();
}

absl::Status SegmentBuilder::WriteDueManifest() {
  RETURN_IF_ERROR(WriteManifest(folder_, SealedOf(*views_.Current())));
  manifest_due_ = false;
  for (const uint64_t number : replaced_) RemoveSegment(folder_, number);
  replaced_.clear();
  return absl::OkStatus();
}

}  // namespace likeness
