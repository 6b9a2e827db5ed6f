#ifndef LIKENESS_ENGINE_REPORT_REPORT_STYLE_H_
#define LIKENESS_ENGINE_REPORT_REPORT_STYLE_H_

#include "absl/strings/string_view.h"

namespace likeness {

// The style sheet of report pages.
absl::string_view ReportStyle();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_REPORT_REPORT_STYLE_H_
