#ifndef LIKENESS_ENGINE_COLLECTION_WRITE_THROTTLE_H_
#define LIKENESS_ENGINE_COLLECTION_WRITE_THROTTLE_H_

#include <cstddef>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/store/mutation.h"

namespace likeness {

// UNAVAILABLE: as many rows wait to be sealed as may, and building fails. The
// message says why.
inline constexpr absl::string_view kReasonIndexBehind = "INDEX_BEHIND";

// Keeps the rows that wait to be sealed, which lie in memory and are searched
// one by one, from becoming ever more where writers are faster than the builder
// (the slow-down and stop of RocksDB). Thread-safe.
class WriteThrottle {
 public:
  struct Backlog {
    size_t rows = 0;  // That wait to be sealed.
    // Not OK: why nobody works on them.
    absl::Status builder;
  };

  // Writers are slowed down from half of `max_rows` on, and wait at it.
  // `backlog` says how things stand. Vectors are of `dimensions`.
  WriteThrottle(size_t max_rows, const PerSpace<int>& dimensions,
                std::function<Backlog()> backlog)
      : max_rows_(max_rows),
        dimensions_(dimensions),
        backlog_(std::move(backlog)) {}

  // Returns when `writes` may be made. Their callers overrun the limit by no
  // more than what they bring. Removals are never held up. While it waits,
  // `still_wanted` (may be null) is asked now and then, and its error returned.
  absl::Status Admit(absl::Span<const AtomicWrite> writes,
                     const std::function<absl::Status()>& still_wanted) const;

  // The rows that `writes` bring; one with several vectors counts as often.
  static size_t NewRows(absl::Span<const AtomicWrite> writes,
                        const PerSpace<int>& dimensions);

  // How long a write of `new_rows` is held up when `rows` wait, fewer than
  // `max_rows`: nothing up to the half, then up to a millisecond for each.
  static absl::Duration Pause(size_t rows, size_t max_rows, size_t new_rows);

 private:
  const size_t max_rows_;
  const PerSpace<int> dimensions_;
  const std::function<Backlog()> backlog_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_WRITE_THROTTLE_H_
