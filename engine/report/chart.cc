#include "engine/report/chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/report/escape.h"

namespace likeness {
namespace {

// The picture's coordinates; the page scales it.
constexpr double kWidth = 480;
constexpr double kHeight = 300;
constexpr double kLeft = 56;
constexpr double kRight = 12;
constexpr double kTop = 10;
constexpr double kBottom = 42;
constexpr double kHardlyApart = 0.6;
constexpr int kSteps = 5;  // Lines of the grid in each direction, about.

// Told apart in light and dark, and by most who see colours otherwise (after
// Okabe and Ito 2008).
constexpr std::array kColours = {"#2f6fde", "#e08214", "#0f9d78", "#c0508c",
                                 "#8a63d2", "#56a5d8", "#a8891b", "#7d8794"};

struct Axis {
  double low = 0;
  double high = 1;
  double step = 0.2;
};

// 1, 2 or 5 times a power of ten that cuts `span` into about kSteps.
double NiceStep(double span) {
  const double raw = span / kSteps;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw * 0.999) return factor * power;
  }
  return 10 * power;
}

Axis AxisOf(std::pair<double, double> range) {
  // All points alike, or none at all: some axis is still drawn.
  if (!(range.second > range.first)) {
    if (!std::isfinite(range.first)) range.first = 0;
    range.second = range.first + 1;
  }
  return {.low = range.first,
          .high = range.second,
          .step = NiceStep(range.second - range.first)};
}

std::pair<double, double> RangeOf(const Chart& chart, bool x) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const ChartSeries& series : chart.series) {
    for (const auto& point : series.points) {
      const double value = x ? point.first : point.second;
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  return {low, high};
}

double XOf(const Axis& axis, double value) {
  const double share = (value - axis.low) / (axis.high - axis.low);
  return kLeft + share * (kWidth - kLeft - kRight);
}

double YOf(const Axis& axis, double value) {
  const double share = (value - axis.low) / (axis.high - axis.low);
  return kHeight - kBottom - share * (kHeight - kTop - kBottom);
}

void AppendGrid(const Axis& x, const Axis& y, std::string* svg) {
  for (double value = std::ceil(x.low / x.step - 1e-9) * x.step;
       value <= x.high + 1e-9 * x.step; value += x.step) {
    const double at = XOf(x, value);
    absl::StrAppendFormat(
        svg,
        R"(<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>)"
        R"(<text x="%.1f" y="%.1f" text-anchor="middle">%g</text>)",
        at, at, kTop, kHeight - kBottom, at, kHeight - kBottom + 16,
        std::abs(value) < 1e-9 * x.step ? 0.0 : value);
  }
  for (double value = std::ceil(y.low / y.step - 1e-9) * y.step;
       value <= y.high + 1e-9 * y.step; value += y.step) {
    const double at = YOf(y, value);
    absl::StrAppendFormat(
        svg,
        R"(<line class="grid" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>)"
        R"(<text x="%.1f" y="%.1f" text-anchor="end">%g</text>)",
        kLeft, kWidth - kRight, at, at, kLeft - 6, at + 4,
        std::abs(value) < 1e-9 * y.step ? 0.0 : value);
  }
}

using Points = std::vector<std::pair<double, double>>;

// Where the series' points lie in the picture, without those that would fall
// upon the one before; a hole stays a point that is not finite.
Points Visible(const ChartSeries& series, const Axis& x, const Axis& y) {
  Points visible;
  for (size_t i = 0; i < series.points.size(); ++i) {
    const auto [px, py] = series.points[i];
    if (!std::isfinite(px) || !std::isfinite(py)) {
      visible.emplace_back(px, py);
      continue;
    }
    const std::pair<double, double> point = {
        XOf(x, std::clamp(px, x.low, x.high)),
        YOf(y, std::clamp(py, y.low, y.high))};
    const bool is_last = i + 1 == series.points.size();
    if (!visible.empty() && !is_last &&
        std::abs(point.first - visible.back().first) < kHardlyApart &&
        std::abs(point.second - visible.back().second) < kHardlyApart) {
      continue;
    }
    visible.push_back(point);
  }
  return visible;
}

void AppendLine(const ChartSeries& series, const Axis& x, const Axis& y,
                const char* colour, std::string* svg) {
  const Points points = Visible(series, x, y);
  const size_t drawn = std::min(points.size(), kMaxChartPoints);
  std::string path;
  bool pen_down = false;
  for (size_t i = 0; i < drawn; ++i) {
    const size_t at = drawn < 2 ? i : i * (points.size() - 1) / (drawn - 1);
    const auto [px, py] = points[at];
    if (!std::isfinite(px) || !std::isfinite(py)) {
      pen_down = false;
      continue;
    }
    absl::StrAppendFormat(&path, "%c%.1f %.1f", pen_down ? 'L' : 'M', px, py);
    pen_down = true;
  }
  if (path.empty()) return;
  absl::StrAppend(svg, "<path class=\"line\" stroke=\"", colour, "\" d=\"",
                  path, "\"/>");
}

}  // namespace

std::string RenderChart(const Chart& chart) {
  const Axis x = AxisOf(chart.x_range.value_or(RangeOf(chart, /*x=*/true)));
  const Axis y = AxisOf(chart.y_range.value_or(RangeOf(chart, /*x=*/false)));
  std::string svg = absl::StrCat(
      "<figure class=\"chart\"><figcaption>", EscapeHtml(chart.title),
      "</figcaption><svg role=\"img\" viewBox=\"0 0 ", kWidth, " ", kHeight,
      "\">");
  AppendGrid(x, y, &svg);
  absl::StrAppendFormat(
      &svg,
      R"(<text x="%.1f" y="%.1f" text-anchor="middle">%s</text>)"
      R"svg(<text transform="translate(13 %.1f) rotate(-90)" )svg"
      R"(text-anchor="middle">%s</text>)",
      (kLeft + kWidth - kRight) / 2, kHeight - 6, EscapeHtml(chart.x_label),
      (kTop + kHeight - kBottom) / 2, EscapeHtml(chart.y_label));
  std::string legend;
  for (size_t i = 0; i < chart.series.size(); ++i) {
    const char* colour = kColours[i % kColours.size()];
    AppendLine(chart.series[i], x, y, colour, &svg);
    absl::StrAppend(&legend, "<span><i style=\"background:", colour, "\"></i>",
                    EscapeHtml(chart.series[i].name), "</span>");
  }
  return absl::StrCat(svg, "</svg><p class=\"legend\">", legend,
                      "</p></figure>\n");
}

}  // namespace likeness
