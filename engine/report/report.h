// A self-contained HTML page of pictures and what was found for them.
#ifndef LIKENESS_ENGINE_REPORT_REPORT_H_
#define LIKENESS_ENGINE_REPORT_REPORT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/report/chart.h"

namespace likeness {

// One picture on the page. All texts are plain: the page escapes them.
struct ReportPicture {
  std::string jpeg;     // Shown as it is; empty: a grey field.
  std::string caption;  // Below the picture, one line, cut where it is long.
  std::string detail;   // Shown when the pointer rests on the picture.
  // Bars below the caption: what is measured, and the cosine.
  std::vector<std::pair<std::string, float>> similarities;
  std::string badge;  // In the corner; empty: none.
  bool good = true;   // The badge's colour.
};

// A query and the pictures that answered it.
struct ReportRow {
  ReportPicture query;
  std::vector<ReportPicture> answers;
};

struct ReportSection {
  std::string heading;
  std::string text;
  std::vector<ReportRow> rows;
  // Below the rows; empty: no table. The first line is the header.
  std::vector<std::vector<std::string>> table;
  std::vector<Chart> charts;  // Below the table.
};

struct ReportPage {
  std::string title;
  std::string subtitle;
  std::vector<std::pair<std::string, std::string>> facts;  // Label, value.
  std::vector<ReportSection> sections;
  std::string footer;
};

// Larger pages make browsers crawl.
inline constexpr size_t kMaxReportBytes = size_t{5} << 20;

// The page as HTML: styles inline, pictures as data: URIs, no scripts, nothing
// loaded from elsewhere, light or dark as the reader's system is.
// RESOURCE_EXHAUSTED when it would be larger than kMaxReportBytes.
absl::StatusOr<std::string> RenderReport(const ReportPage& page);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_REPORT_REPORT_H_
