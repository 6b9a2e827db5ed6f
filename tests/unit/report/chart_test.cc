#include "engine/report/chart.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ChartTest, CornersOfTheRangeAreCornersOfThePlot) {
  Chart chart;
  chart.series = {{"roc", {{0, 0}, {1, 1}}}};
  // 480 x 300 with margins of 56 and 12, 10 and 42.
  EXPECT_THAT(RenderChart(chart), HasSubstr("d=\"M56.0 258.0L468.0 10.0\""));
}

TEST(ChartTest, AHoleInTheSeriesIsAHoleInTheLine) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Chart chart;
  chart.x_range = {0, 2};
  chart.y_range = {0, 1};
  chart.series = {{"loss", {{0, 0}, {1, kNan}, {2, 1}}}};
  EXPECT_THAT(RenderChart(chart), HasSubstr("d=\"M56.0 258.0M468.0 10.0\""));
}

TEST(ChartTest, PointsOutsideTheRangeStayOnThePlot) {
  Chart chart;
  chart.x_range = {0, 1};
  chart.y_range = {0, 1};
  chart.series = {{"loss", {{0, 7}, {5, 0}}}};
  EXPECT_THAT(RenderChart(chart), HasSubstr("d=\"M56.0 10.0L468.0 258.0\""));
}

TEST(ChartTest, LongSeriesAreThinnedAndKeepTheirEnds) {
  Chart chart;
  chart.series.push_back({"loss", {}});
  for (int i = 0; i <= 100'000; ++i) {
    chart.series[0].points.emplace_back(i, i);
  }
  const std::string svg = RenderChart(chart);
  EXPECT_LT(svg.size(), 12'000U);
  EXPECT_THAT(svg, HasSubstr("M56.0 258.0"));
  EXPECT_THAT(svg, HasSubstr("L468.0 10.0\""));
}

TEST(ChartTest, NothingToDrawIsStillAChart) {
  Chart chart;
  chart.title = "<none>";
  chart.series = {{"empty", {}}, {"one", {{3, 3}}}};
  const std::string svg = RenderChart(chart);
  EXPECT_THAT(svg, HasSubstr("&lt;none&gt;"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

}  // namespace
}  // namespace likeness
