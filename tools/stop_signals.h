#ifndef LIKENESS_TOOLS_STOP_SIGNALS_H_
#define LIKENESS_TOOLS_STOP_SIGNALS_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"

namespace likeness {

// Turns SIGINT and SIGTERM into a call on an ordinary thread, where locks and
// logging are allowed, unlike in a signal handler. After the first signal the
// next one kills the process at once, for those who won't wait.
class StopSignals {
 public:
  // Calls `on_stop` with the signal's number, at most once. Made before the
  // program's other threads, which inherit the blocked signals.
  static absl::StatusOr<std::unique_ptr<StopSignals>> Catch(
      std::function<void(int)> on_stop);

  // Stops listening; on_stop is not running any more afterwards. The signals
  // stay blocked.
  virtual ~StopSignals() = default;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_STOP_SIGNALS_H_
