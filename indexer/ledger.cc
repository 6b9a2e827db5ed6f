#include "indexer/ledger.h"

#include "engine/core/error.h"

namespace likeness {

StageTimes& StageTimes::operator+=(const StageTimes& other) {
  read += other.read;
  prepare.decode += other.prepare.decode;
  prepare.resize += other.prepare.resize;
  prepare.hash += other.prepare.hash;
  prepare.thumbnail += other.prepare.thumbnail;
  embed += other.embed;
  write += other.write;
  return *this;
}

absl::Duration StageTimes::Sum() const {
  return read + prepare.decode + prepare.resize + prepare.hash +
         prepare.thumbnail + embed + write;
}

Fate FateOf(const absl::Status& status) {
  if (status.ok()) return Fate::kIndexed;
  const bool about_the_file =
      IsBadPicture(status) || ReasonOf(status) == kReasonInvalidField;
  return about_the_file ? Fate::kRejected : Fate::kFailed;
}

std::string ReasonToCount(const absl::Status& status) {
  std::string reason = ReasonOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

void Ledger::Enter(Fate fate, const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  ++counts_.read;
  switch (fate) {
    case Fate::kIndexed:
      ++counts_.indexed;
      break;
    case Fate::kUnchanged:
      ++counts_.unchanged;
      break;
    case Fate::kRejected:
      ++counts_.rejected;
      ++counts_.rejected_by_reason[ReasonToCount(status)];
      break;
    case Fate::kFailed:
      ++counts_.failed;
      break;
  }
}

void Ledger::AddTimes(const StageTimes& times) {
  absl::MutexLock lock(&mutex_);
  times_ += times;
}

IngestCounts Ledger::counts() const {
  absl::MutexLock lock(&mutex_);
  return counts_;
}

StageTimes Ledger::times() const {
  absl::MutexLock lock(&mutex_);
  return times_;
}

}  // namespace likeness
