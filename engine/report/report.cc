#include "engine/report/report.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/error.h"
#include "engine/report/chart.h"
#include "engine/report/escape.h"
#include "engine/report/report_style.h"

namespace likeness {
namespace {

// A cosine below 0 is an empty bar: nothing is alike.
std::string Bar(const std::string& label, float similarity) {
  const double width = std::clamp(100.0 * similarity, 0.0, 100.0);
  return absl::StrFormat(
      R"(<div class="bar%s"><span>%s</span><i><b style="width:%.1f%%"></b></i>)"
      R"(<span>%.3f</span></div>)",
      label == "copy" ? " copy" : "", EscapeHtml(label), width, similarity);
}

void AppendPicture(const ReportPicture& picture, std::string* html) {
  absl::StrAppend(html, "<figure title=\"", EscapeHtml(picture.detail),
                  "\"><div class=\"picture\">");
  if (!picture.jpeg.empty()) {
    absl::StrAppend(html, "<img alt=\"", EscapeHtml(picture.caption),
                    "\" src=\"data:image/jpeg;base64,",
                    absl::Base64Escape(picture.jpeg), "\">");
  }
  absl::StrAppend(html, "</div>");
  if (!picture.badge.empty()) {
    absl::StrAppend(html, "<span class=\"badge ", picture.good ? "good" : "bad",
                    "\">", EscapeHtml(picture.badge), "</span>");
  }
  absl::StrAppend(html, "<figcaption>", EscapeHtml(picture.caption),
                  "</figcaption>");
  for (const auto& [label, similarity] : picture.similarities) {
    absl::StrAppend(html, Bar(label, similarity));
  }
  absl::StrAppend(html, "</figure>\n");
}

void AppendRow(const ReportRow& row, std::string* html) {
  absl::StrAppend(html, "<div class=\"row\"><div class=\"query\">");
  AppendPicture(row.query, html);
  absl::StrAppend(html, "</div><div class=\"answers\">\n");
  for (const ReportPicture& answer : row.answers) AppendPicture(answer, html);
  if (row.answers.empty()) {
    absl::StrAppend(html, "<span class=\"none\">Nothing was found.</span>");
  }
  absl::StrAppend(html, "</div></div>\n");
}

void AppendTable(const std::vector<std::vector<std::string>>& table,
                 std::string* html) {
  if (table.empty()) return;
  absl::StrAppend(html, "<div class=\"scroll\"><table>\n");
  for (size_t line = 0; line < table.size(); ++line) {
    const char* cell = line == 0 ? "th" : "td";
    absl::StrAppend(html, "<tr>");
    for (const std::string& text : table[line]) {
      absl::StrAppend(html, "<", cell, ">", EscapeHtml(text), "</", cell, ">");
    }
    absl::StrAppend(html, "</tr>\n");
  }
  absl::StrAppend(html, "</table></div>\n");
}

void AppendSection(const ReportSection& section, std::string* html) {
  absl::StrAppend(html, "<section><h2>", EscapeHtml(section.heading),
                  "</h2><p>", EscapeHtml(section.text), "</p>\n");
  for (const ReportRow& row : section.rows) AppendRow(row, html);
  AppendTable(section.table, html);
  if (!section.charts.empty()) {
    absl::StrAppend(html, "<div class=\"charts\">\n");
    for (const Chart& chart : section.charts) {
      absl::StrAppend(html, RenderChart(chart));
    }
    absl::StrAppend(html, "</div>\n");
  }
  absl::StrAppend(html, "</section>\n");
}

}  // namespace

absl::StatusOr<std::string> RenderReport(const ReportPage& page) {
  std::string html = absl::StrCat(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
      EscapeHtml(page.title), "</title>\n<style>", ReportStyle(),
      "</style></head>\n<body><main>\n<h1>", EscapeHtml(page.title), "</h1><p>",
      EscapeHtml(page.subtitle), "</p>\n<dl class=\"facts\">");
  for (const auto& [label, value] : page.facts) {
    absl::StrAppend(&html, "<div class=\"fact\"><dt>", EscapeHtml(label),
                    "</dt><dd>", EscapeHtml(value), "</dd></div>");
  }
  absl::StrAppend(&html, "</dl>\n");
  for (const ReportSection& section : page.sections) {
    AppendSection(section, &html);
  }
  absl::StrAppend(&html, "<footer>", EscapeHtml(page.footer),
                  "</footer>\n</main></body></html>\n");
  if (html.size() > kMaxReportBytes) {
    return WithReason(
        absl::ResourceExhaustedError(absl::StrFormat(
            "the page would have %d bytes, more than %d: show fewer pictures",
            html.size(), kMaxReportBytes)),
        kReasonLimitExceeded);
  }
  return html;
}

}  // namespace likeness
