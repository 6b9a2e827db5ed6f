#ifndef LIKENESS_TOOLS_HINT_H_
#define LIKENESS_TOOLS_HINT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace likeness {

// UNAVAILABLE, given by the client itself: no server answered at the address.
inline constexpr absl::string_view kReasonNoAnswer = "NO_ANSWER";

// What to do about the failures that people meet first, a line; empty for all
// others.
std::string HintFor(const absl::Status& status);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_HINT_H_
