#ifndef LIKENESS_TOOLS_STATUS_LINE_H_
#define LIKENESS_TOOLS_STATUS_LINE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace likeness {

// For work that is not over within seconds.
inline constexpr absl::Duration kSlowRedraw = absl::Milliseconds(500);

// The line on standard error that says how far a job is: redrawn in its place
// on a terminal, a line now and then elsewhere. Not thread-safe.
class StatusLine {
 public:
  // `redraw_period`: between two redraws, which the job may ask for more often.
  explicit StatusLine(absl::Duration redraw_period);

  // Whether it is time for the next one.
  bool Due() const;

  // Shows `line` now.
  void Show(absl::string_view line);

  // Takes the redrawn line away. Before anything else is printed.
  void Wipe();

 private:
  const bool terminal_;
  const absl::Duration period_;
  absl::Time shown_;  // Or made.
  bool drawn_ = false;
};

// "1m5s left", or more finely; `seconds` is rounded up.
std::string TimeLeft(double seconds);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_STATUS_LINE_H_
