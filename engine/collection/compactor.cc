#include "engine/collection/compactor.h"

#include <malloc.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "engine/collection/view_stats.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

uint64_t BytesIn(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code ignored;
  for (std::filesystem::directory_iterator entry(folder, ignored), end;
       !ignored && entry != end; entry.increment(ignored)) {
    const uint64_t size = entry->file_size(ignored);
    if (!ignored) bytes += size;
  }
  return bytes;
}

}  // namespace

Compactor::Compactor(SegmentBuilder& builder, const SegmentViews& views,
                     MetadataStore& store, std::function<void()> renew_views)
    : builder_(builder),
      views_(views),
      store_(store),
      renew_views_(std::move(renew_views)) {}

Compactor::~Compactor() {
  stop_ = true;
  builder_.Stop();
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void Compactor::Launch() {
  if (thread_.joinable()) thread_.join();  // It has nothing left to do.
  running_ = true;
  state_ = {};
  state_.phase = CompactionState::Phase::kSegments;
  state_.started = absl::Now();
  thread_ = std::thread([this] { Run(); });
}

void Compactor::Start() {
  absl::MutexLock lock(&mutex_);
  if (!running_) Launch();
}

absl::Status Compactor::Compact() {
  const auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !running_;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&idle));
  Launch();
  const uint64_t mine = ended_ + 1;
  const auto done = [this, mine]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return ended_ >= mine;
  };
  mutex_.Await(absl::Condition(&done));
  return last_;
}

CompactionState Compactor::state() const {
  absl::MutexLock lock(&mutex_);
  CompactionState state = state_;
  if (state.phase == CompactionState::Phase::kSegments) {
    state.progress = builder_.progress();
  }
  return state;
}

void Compactor::Show(CompactionState::Phase phase, double progress) {
  absl::MutexLock lock(&mutex_);
  state_.phase = phase;
  state_.progress = progress;
}

void Compactor::Run() {
  absl::Status status = CompactAll();
  absl::MutexLock lock(&mutex_);
  state_.phase = status.ok() ? CompactionState::Phase::kDone
                             : CompactionState::Phase::kFailed;
  state_.progress = 1;
  state_.status = status;
  last_ = std::move(status);
  state_.ended = absl::Now();
  running_ = false;
  ++ended_;
}

absl::Status Compactor::CompactAll() {
  ASSIGN_OR_RETURN(const CollectionSize before, Measure());
  {
    absl::MutexLock lock(&mutex_);
    state_.before = before;
  }
  RETURN_IF_ERROR(builder_.Compact());
  Show(CompactionState::Phase::kStore, 0);
  renew_views_();
  RETURN_IF_ERROR(store_.Compact(
      [this](double share) { Show(CompactionState::Phase::kStore, share); },
      stop_));
  // What the merged segments and the flushed tables held goes back to the
  // system at once, not when glibc sees fit.
  malloc_trim(0);
  ASSIGN_OR_RETURN(const CollectionSize after, Measure());
  absl::MutexLock lock(&mutex_);
  state_.after = after;
  return absl::OkStatus();
}

absl::StatusOr<CollectionSize> Compactor::Measure() const {
  CollectionSize size;
  size.memory_bytes = MemoryOf(*views_.Current());
  ASSIGN_OR_RETURN(size.disk_bytes, store_.DiskBytes());
  size.disk_bytes += BytesIn(store_.derived_folder());
  return size;
}

}  // namespace likeness
