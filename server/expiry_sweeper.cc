#include "server/expiry_sweeper.h"

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "server/log.h"

namespace likeness {

absl::StatusOr<uint64_t> SweepAllExpired(const CollectionSet& collections,
                                         absl::Time now,
                                         const std::function<bool()>& stop) {
  const auto stopped = [&stop] { return stop && stop(); };
  uint64_t total = 0;
  absl::Status first_error;
  for (const std::shared_ptr<Collection>& collection : collections.List()) {
    absl::StatusOr<uint64_t> swept = uint64_t{kMaxItemsAtOnce};
    while (swept.ok() && *swept == uint64_t{kMaxItemsAtOnce} && !stopped()) {
      swept = collection->SweepExpired(now, kMaxItemsAtOnce);
      if (swept.ok()) total += *swept;
    }
    // Swept under the collection's name next time, or there is none.
    const std::string reason = ReasonOf(swept.status());
    if (reason == kReasonCollectionDeleted || reason == kReasonModelChanged) {
      continue;
    }
    first_error.Update(swept.status());
  }
  if (!first_error.ok()) return first_error;
  return total;
}

ExpirySweeper::ExpirySweeper(const CollectionSet& collections,
                             absl::Duration pause)
    : collections_(collections), pause_(pause), thread_([this] { Run(); }) {}

ExpirySweeper::~ExpirySweeper() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  thread_.join();
}

void ExpirySweeper::Run() {
  bool failed = false;
  while (!StopsAfterPause()) {
    const absl::Status status =
        SweepAllExpired(collections_, absl::Now(), [this] {
          return stopped();
        }).status();
    if (!status.ok() && !failed) {
      LogLine(absl::StrCat("fault: expired items stay for now: ",
                           status.ToString()));
    }
    failed = !status.ok();
  }
}

bool ExpirySweeper::stopped() {
  absl::MutexLock lock(&mutex_);
  return stop_;
}

bool ExpirySweeper::StopsAfterPause() {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stop_), pause_);
  return stop_;
}

}  // namespace likeness
