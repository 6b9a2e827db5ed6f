#ifndef LIKENESS_ENGINE_REPORT_ESCAPE_H_
#define LIKENESS_ENGINE_REPORT_ESCAPE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace likeness {

// `text` with & < > " ' replaced, fit for element content and attributes; bytes
// that are not UTF-8 become U+FFFD.
std::string EscapeHtml(absl::string_view text);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_REPORT_ESCAPE_H_
