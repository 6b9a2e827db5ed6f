#include "engine/evaluate/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

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
  std::vector<double> weights(num_classes, 1.0);
  const std::vector<double> values = figures(weights);
  std::vector<std::vector<double>> drawn(values.size());
  for (int turn = 0; turn < options.resamples; ++turn) {
    Random random(options.seed, static_cast<uint64_t>(turn));
    std::fill(weights.begin(), weights.end(), 0.0);
    for (size_t i = 0; i < num_classes; ++i) {
      weights[random.Below(num_classes)] += 1;
    }
    const std::vector<double> resampled = figures(weights);
    for (size_t i = 0; i < values.size(); ++i) {
      if (!std::isnan(resampled[i])) drawn[i].push_back(resampled[i]);
    }
  }
  std::vector<Estimate> estimates(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    std::sort(drawn[i].begin(), drawn[i].end());
    estimates[i] = {values[i], Quantile(drawn[i], kTail),
                    Quantile(drawn[i], 1 - kTail)};
  }
  return estimates;
}

}  // namespace likeness
