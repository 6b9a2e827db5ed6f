#include "engine/collection/segment_builder.h"

#include <sys/resource.h>

#include <memory>
#include <optional>
#include <utility>

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

}  // namespace

SegmentBuilder::SegmentBuilder(SegmentViews& views, std::string folder,
                               const SegmentOptions& options,
                               uint64_t next_number)
    : views_(views),
      folder_(std::move(folder)),
      options_(options),
      next_number_(next_number) {}

SegmentBuilder::~SegmentBuilder() {
  stop_ = true;
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
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
  const auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !running_;
  };
  absl::MutexLock lock(&mutex_);
  compact_ = true;
  Start();
  mutex_.Await(absl::Condition(&idle));
  return status_;
}

absl::Status SegmentBuilder::status() const {
  absl::MutexLock lock(&mutex_);
  return status_;
}

void SegmentBuilder::Run() {
  // Of this thread alone, on Linux.
  setpriority(PRIO_PROCESS, 0, kNiceness);
  while (true) {
    bool compact = false;
    {
      absl::MutexLock lock(&mutex_);
      if (!woken_ || stop_) {
        running_ = false;
        return;
      }
      woken_ = false;
      compact = std::exchange(compact_, false);
    }
    absl::Status status = BuildAll(compact);
    absl::MutexLock lock(&mutex_);
    status_ = std::move(status);
  }
}

absl::Status SegmentBuilder::BuildAll(bool compact) {
  // One that could not be written is not forgotten.
  if (manifest_due_) RETURN_IF_ERROR(WriteDueManifest());
  std::optional<SegmentViews::Merge> merge;
  if (compact) {
    ASSIGN_OR_RETURN(merge, views_.MergeOfAll());
  } else {
    merge = views_.NextMerge(options_);
  }
  while (merge.has_value()) {
    if (stop_) return absl::CancelledError("the collection was closed");
    RETURN_IF_ERROR(Build(*merge));
    merge = views_.NextMerge(options_);
  }
  return absl::OkStatus();
}

absl::Status SegmentBuilder::Build(const SegmentViews::Merge& merge) {
  RETURN_IF_ERROR(MakeFolderDurably(folder_));
  LiveSegments::Built built;
  if (HasLiveRows(merge)) {
    const uint64_t number = next_number_++;
    const absl::Status written =
        WriteSegment(folder_, number, merge.parts, options_, stop_);
    if (!written.ok()) {
      RemoveSegment(folder_, number);
      return written;
    }
    ASSIGN_OR_RETURN(const auto segment, SealedSegment::Open(folder_, number));
    built = {segment, segment->fields()};
  }
  views_.Replace(merge, std::move(built));
  manifest_due_ = true;
  RETURN_IF_ERROR(WriteDueManifest());
  for (const SegmentView& part : merge.parts) {
    const std::optional<uint64_t> replaced = part.segment->number();
    if (replaced.has_value()) RemoveSegment(folder_, *replaced);
  }
  return absl::OkStatus();
}

absl::Status SegmentBuilder::WriteDueManifest() {
  RETURN_IF_ERROR(WriteManifest(folder_, SealedOf(*views_.Current())));
  manifest_due_ = false;
  return absl::OkStatus();
}

}  // namespace likeness
