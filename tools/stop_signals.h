#ifndef LIKENESS_TOOLS_STOP_SIGNALS_H_
#define LIKENESS_TOOLS_STOP_SIGNALS_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace likeness {

// Turns SIGINT and SIGTERM into a call on an ordinary thread, where locks and
// logging are allowed, unlike in a signal handler.
//
// Signals in the moment after the first one are the same stop, told again: GNU
// timeout sends two, and a shell's Ctrl-C may reach a process twice. The next
// one after that kills the process at once, for those who won't wait.
class StopSignals {
 public:
  // Calls `on_stop` with the signal's number, at most once; no signal is heard
  // until it returns, and those within `repeats` after that are passed over.
  // Made before the program's other threads, which inherit the blocked signals.
  static absl::StatusOr<std::unique_ptr<StopSignals>> Catch(
      std::function<void(int)> on_stop,
      absl::Duration repeats = absl::Seconds(1));

  // Stops listening; on_stop is not running any more afterwards. The signals
  // stay blocked.
  virtual ~StopSignals() = default;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_STOP_SIGNALS_H_
