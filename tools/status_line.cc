#include "tools/status_line.h"

#include <unistd.h>

#include <cstdint>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace likeness {
namespace {

// Where nobody sees a line redrawn.
constexpr absl::Duration kLinePeriod = absl::Seconds(10);
constexpr char kWipeLine[] = "\r\033[K";

}  // namespace

StatusLine::StatusLine(absl::Duration redraw_period)
    : terminal_(isatty(STDERR_FILENO) == 1),
      period_(terminal_ ? redraw_period : kLinePeriod),
      shown_(absl::Now()) {}

bool StatusLine::Due() const { return absl::Now() - shown_ >= period_; }

void StatusLine::Show(absl::string_view line) {
  shown_ = absl::Now();
  drawn_ = terminal_;
  if (terminal_) {
    std::cerr << kWipeLine << line << std::flush;
  } else {
    std::cerr << line << "\n";
  }
}

void StatusLine::Wipe() {
  if (drawn_) std::cerr << kWipeLine << std::flush;
  drawn_ = false;
}

std::string TimeLeft(double seconds) {
  return absl::StrCat(
      absl::FormatDuration(absl::Seconds(1 + static_cast<int64_t>(seconds))),
      " left");
}

}  // namespace likeness
