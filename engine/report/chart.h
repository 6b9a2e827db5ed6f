// Line charts for report pages, as inline SVG.
#ifndef LIKENESS_ENGINE_REPORT_CHART_H_
#define LIKENESS_ENGINE_REPORT_CHART_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace likeness {

struct ChartSeries {
  std::string name;
  // (x, y), drawn in this order. A point that is not finite breaks the line.
  std::vector<std::pair<double, double>> points;
};

struct Chart {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<ChartSeries> series;
  // What the axes span; not given: what the points do.
  std::optional<std::pair<double, double>> x_range;
  std::optional<std::pair<double, double>> y_range;
};

// Points of a series that are drawn. Points that fall upon each other are drawn
// once; what is left of a longer series is thinned evenly, its ends kept, so
// that a page stays small.
inline constexpr size_t kMaxChartPoints = 1000;

// A <figure> with the chart and its legend. Colours are those of the report
// page's style sheet, so it follows light and dark. Texts are escaped.
std::string RenderChart(const Chart& chart);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_REPORT_CHART_H_
