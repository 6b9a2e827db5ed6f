#ifndef LIKENESS_TOOLS_COUNT_PROGRESS_H_
#define LIKENESS_TOOLS_COUNT_PROGRESS_H_

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "tools/status_line.h"

namespace likeness {

// Tells people on standard error how far a job of known length is, with its
// rate and the time that is left: one line that is redrawn on a terminal, a
// line now and then elsewhere, nothing when quiet. Not thread-safe.
class CountProgress {
 public:
  // `what`: what is counted, "pictures".
  CountProgress(std::string what, bool quiet);

  void Update(size_t done, size_t total);

  // Wipes the redrawn line. Before anything else is printed.
  void End() { status_line_.Wipe(); }

 private:
  const std::string what_;
  const bool quiet_;
  const absl::Time begin_;
  StatusLine status_line_;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_COUNT_PROGRESS_H_
