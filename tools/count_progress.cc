#include "tools/count_progress.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace likeness {
namespace {

constexpr absl::Duration kCountRedraw = absl::Milliseconds(100);

std::string Line(const std::string& what, size_t done, size_t total,
                 absl::Duration elapsed) {
  const double rate = static_cast<double>(done) /
                      std::max(1e-3, absl::ToDoubleSeconds(elapsed));
  std::string line =
      absl::StrFormat("%d of %d %s, %.1f a second", done, total, what, rate);
  if (done > 0 && done < total) {
    const double left = static_cast<double>(total - done) / rate;
    absl::StrAppend(&line, ", ", TimeLeft(left));
  }
  return line;
}

}  // namespace

CountProgress::CountProgress(std::string what, bool quiet)
    : what_(std::move(what)),
      quiet_(quiet),
      begin_(absl::Now()),
      status_line_(kCountRedraw) {}

void CountProgress::Update(size_t done, size_t total) {
  if (quiet_ || (done < total && !status_line_.Due())) return;
  status_line_.Show(Line(what_, done, total, absl::Now() - begin_));
}

}  // namespace likeness
