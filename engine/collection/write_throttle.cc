#include "engine/collection/write_throttle.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr absl::Duration kLongestPauseOfARow = absl::Milliseconds(1);
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(10);

}  // namespace

size_t WriteThrottle::NewRows(absl::Span<const AtomicWrite> writes,
                              const PerSpace<int>& dimensions) {
  size_t rows = 0;
  for (const AtomicWrite& write : writes) {
    for (const Mutation& mutation : write.mutations) {
      if (mutation.kind == Mutation::Kind::kDelete) continue;
      size_t vectors = 1;
      for (const Space space : kAllSpaces) {
        vectors = std::max(
            vectors, CountVectors(mutation.vectors[space], dimensions[space]));
      }
      rows += vectors;
    }
  }
  return rows;
}

absl::Duration WriteThrottle::Pause(size_t rows, size_t max_rows,
                                    size_t new_rows) {
  const size_t half = max_rows / 2;
  if (rows <= half) return absl::ZeroDuration();
  const double share =
      static_cast<double>(rows - half) / static_cast<double>(max_rows - half);
  return static_cast<double>(new_rows) * share * kLongestPauseOfARow;
}

absl::Status WriteThrottle::Admit(
    absl::Span<const AtomicWrite> writes,
    const std::function<absl::Status()>& still_wanted) const {
  const size_t new_rows = NewRows(writes, dimensions_);
  if (new_rows == 0) return absl::OkStatus();
  const absl::Time begin = absl::Now();
  while (true) {
    const Backlog backlog = backlog_();
    if (backlog.rows < max_rows_) {
      const absl::Duration left =
          begin + Pause(backlog.rows, max_rows_, new_rows) - absl::Now();
      if (left <= absl::ZeroDuration()) return absl::OkStatus();
      absl::SleepFor(std::min(left, kBetweenLooks));
    } else if (!backlog.builder.ok()) {
      return WithReason(
          absl::UnavailableError(absl::StrCat(
              backlog.rows, " rows wait to be sealed, at most ", max_rows_,
              " may, and building fails: ", backlog.builder.message())),
          kReasonIndexBehind);
    } else {
      absl::SleepFor(kBetweenLooks);
    }
    if (still_wanted) RETURN_IF_ERROR(still_wanted());
  }
}

}  // namespace likeness
