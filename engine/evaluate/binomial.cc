#include "engine/evaluate/binomial.h"

#include <cmath>

namespace likeness {
namespace {

constexpr int kMostTerms = 10'000;
constexpr double kEnough = 1e-14;

// By Lentz's method (Thompson and Barnett 1986). Converges fast for x below
// (a + 1) / (a + b + 2).
double BetaFraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;  // In place of a zero denominator.
  const auto nonzero = [](double value) {
    return std::abs(value) < kTiny ? kTiny : value;
  };
  double c = 1;
  double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonzero(1 + even * d);
    c = nonzero(1 + even / c);
    fraction *= d * c;
    const double odd =
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonzero(1 + odd * d);
    c = nonzero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < kEnough) break;
  }
  return fraction;
}

}  // namespace

double IncompleteBeta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - IncompleteBeta(b, a, 1 - x);
  // lgamma_r: lgamma writes to a global variable.
  int sign = 0;
  const double log_front = lgamma_r(a + b, &sign) - lgamma_r(a, &sign) -
                           lgamma_r(b, &sign) + a * std::log(x) +
                           b * std::log1p(-x);
  return std::exp(log_front) * BetaFraction(a, b, x) / a;
}

double LowerBound(double successes, double failures, double confidence) {
  if (successes <= 0) return 0;
  // The p at which so many successes or more have probability 1 - confidence:
  // a quantile of Beta(successes, failures + 1), by bisection.
  double low = 0;
  double high = 1;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    if (IncompleteBeta(successes, failures + 1, middle) < 1 - confidence) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace likeness
