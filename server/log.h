#ifndef LIKENESS_SERVER_LOG_H_
#define LIKENESS_SERVER_LOG_H_

#include "absl/strings/string_view.h"

namespace likeness {

// Writes one line, with the time in UTC before it, to standard error. For what
// an operator must see: start, ready, stop, and faults of our own; never one
// line a call. Thread-safe; lines don't mix.
void LogLine(absl::string_view message);

}  // namespace likeness

#endif  // LIKENESS_SERVER_LOG_H_
