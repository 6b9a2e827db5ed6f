#include "tools/progress.h"

#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/file_source.h"

namespace likeness {
namespace {

constexpr int kFewLines = 5;

}  // namespace

Progress::Progress(std::vector<std::string> roots, Repeats repeats,
                   Troubles show, bool quiet)
    : show_(show),
      quiet_(quiet),
      begin_(absl::Now()),
      status_line_(/*redraw_period=*/absl::ZeroDuration()) {
  if (quiet_) return;
  counter_ = std::thread([this, roots = std::move(roots), repeats]() mutable {
    FileSource source(std::move(roots), repeats);
    uint64_t files = 0;
    while (!stop_counting_.cancelled()) {
      if (!source.Next().has_value()) {
        total_.store(files, std::memory_order_relaxed);
        return;
      }
      ++files;
    }
  });
}

Progress::~Progress() {
  stop_counting_.Cancel();
  if (counter_.joinable()) counter_.join();
}

void Progress::OnProgress(const IngestCounts& counts) {
  if (!quiet_ && status_line_.Due()) status_line_.Show(Line(counts));
}

void Progress::OnTrouble(const std::string& path, Fate fate,
                         const absl::Status& status) {
  troubles_.push_back({path, fate, status});
  if (quiet_ && fate == Fate::kRejected) return;
  const std::string reason = ReasonToCount(status);
  const int line = ++shown_[reason];
  if (show_ == Troubles::kFew && line > kFewLines) {
    if (line == kFewLines + 1) {
      End();
      std::cerr << "more for " << reason
                << " are only counted; --json lists them all\n";
    }
    return;
  }
  End();
  std::cerr << (fate == Fate::kRejected ? "rejected " : "failed ") << path
            << ": " << status.message() << "\n";
}

std::string Progress::Line(const IngestCounts& counts) const {
  const double seconds =
      std::max(1e-3, absl::ToDoubleSeconds(absl::Now() - begin_));
  const double rate = static_cast<double>(counts.read) / seconds;
  const uint64_t total = total_.load(std::memory_order_relaxed);
  std::string line = absl::StrCat(counts.read);
  if (total > 0) absl::StrAppend(&line, " of ", total);
  absl::StrAppend(&line, " read, ", absl::StrFormat("%.1f", rate), " files/s");
  if (counts.unchanged > 0) {
    absl::StrAppend(&line, ", ", counts.unchanged, " unchanged");
  }
  if (counts.rejected + counts.failed > 0) {
    absl::StrAppend(&line, ", ", counts.rejected + counts.failed, " not taken");
  }
  if (total > counts.read && counts.read > 0) {
    const double left = static_cast<double>(total - counts.read) / rate;
    absl::StrAppend(&line, ", ", TimeLeft(left));
  }
  return line;
}

}  // namespace likeness
