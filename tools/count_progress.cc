#include "tools/count_progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace likeness {
namespace {

constexpr absl::Duration kLinePeriod = absl::Seconds(10);
constexpr absl::Duration kRedrawPeriod = absl::Milliseconds(100);
constexpr char kWipeLine[] = "\r\033[K";

std::string Line(const std::string& what, size_t done, size_t total,
                 absl::Duration elapsed) {
  const double rate = static_cast<double>(done) /
                      std::max(1e-3, absl::ToDoubleSeconds(elapsed));
  std::string line =
      absl::StrFormat("%d of %d %s, %.1f a second", done, total, what, rate);
  if (done > 0 && done < total) {
    const double left = static_cast<double>(total - done) / rate;
    absl::StrAppend(
        &line, ", ",
        absl::FormatDuration(absl::Seconds(1 + static_cast<int64_t>(left))),
        " left");
  }
  return line;
}

}  // namespace

CountProgress::CountProgress(std::string what, bool quiet)
    : what_(std::move(what)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      begin_(absl::Now()),
      last_line_(begin_) {}

void CountProgress::Update(size_t done, size_t total) {
  if (quiet_) return;
  const absl::Time now = absl::Now();
  const absl::Duration period = terminal_ ? kRedrawPeriod : kLinePeriod;
  if (now - last_line_ < period && done < total) return;
  last_line_ = now;
  const std::string line = Line(what_, done, total, now - begin_);
  if (terminal_) {
    std::cerr << kWipeLine << line << std::flush;
    drawn_ = true;
  } else {
    std::cerr << line << "\n";
  }
}

void CountProgress::End() {
  if (drawn_) std::cerr << kWipeLine << std::flush;
  drawn_ = false;
}

}  // namespace likeness
