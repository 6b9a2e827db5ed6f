#ifndef LIKENESS_INDEXER_REPORT_STYLE_H_
#define LIKENESS_INDEXER_REPORT_STYLE_H_

#include "absl/strings/string_view.h"

namespace likeness {

// The style sheet of report pages.
absl::string_view ReportStyle();

}  // namespace likeness

#endif  // LIKENESS_INDEXER_REPORT_STYLE_H_
