#include "engine/evaluate/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/core/parallel.h"
#include "engine/core/random.h"

namespace likeness {
namespace {

constexpr double kTail = 0.025;  // Beyond each end of the interval.

// Of `sorted` values, between neighbours in proportion.
double Quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(at);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = at - static_cast<double>(below);
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

}  // namespace

std::vector<Estimate> BootstrapByClass(size_t num_classes,
                                       const WeightedFigures& figures,
                                       const BootstrapOptions& options) {
  const std::vector<double> values =
      figures(std::vector<double>(num_classes, 1.0));
  std::vector<std::vector<double>> resampled(
      static_cast<size_t>(options.resamples));
  ParallelFor(resampled.size(), /*threads=*/0, [&](size_t turn) {
    Random random(options.seed, turn);
    std::vector<double> weights(num_classes, 0.0);
    for (size_t i = 0; i < num_classes; ++i) {
      weights[random.Below(num_classes)] += 1;
    }
    resampled[turn] = figures(weights);
  });
  std::vector<Estimate> estimates(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    std::vector<double> drawn;
    for (const std::vector<double>& one : resampled) {
      if (!std::isnan(one[i])) drawn.push_back(one[i]);
    }
    std::sort(drawn.begin(), drawn.end());
    estimates[i] = {values[i], Quantile(drawn, kTail),
                    Quantile(drawn, 1 - kTail)};
  }
  return estimates;
}

}  // namespace likeness
