// Confidence intervals by resampling classes.
#ifndef LIKENESS_ENGINE_EVALUATE_BOOTSTRAP_H_
#define LIKENESS_ENGINE_EVALUATE_BOOTSTRAP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/types/span.h"

namespace likeness {

// A figure and the interval that holds it in 95 % of repetitions with other
// classes of the same kind. NaN where the data does not allow the figure.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

struct BootstrapOptions {
  int resamples = 1000;
  uint64_t seed = 1;
};

// Figures for given weights of the classes. Thread-safe.
using WeightedFigures =
    std::function<std::vector<double>(absl::Span<const double> class_weights)>;

// Cluster bootstrap with percentile intervals (Davison and Hinkley 1997,
// "Bootstrap Methods and their Application", 3.8 and 5.3): pictures of a class
// are alike, so whole classes are drawn, with replacement, as many as there
// are; a class drawn twice has weight 2. The values are those of weights 1. A
// resample in which a figure is NaN is left out of that figure's interval.
// With few classes (a dozen) the interval is rough and rather too narrow.
std::vector<Estimate> BootstrapByClass(size_t num_classes,
                                       const WeightedFigures& figures,
                                       const BootstrapOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_BOOTSTRAP_H_
