#ifndef LIKENESS_ENGINE_EVALUATE_BINOMIAL_H_
#define LIKENESS_ENGINE_EVALUATE_BINOMIAL_H_

namespace likeness {

// The regularised incomplete beta function I_x(a, b) for a, b > 0 and x in
// 0..1: the probability that a Beta(a, b) variable is at most x. By its
// continued fraction (Abramowitz and Stegun 1964, 26.5.8), to about 1e-12.
double IncompleteBeta(double a, double b, double x);

// Exact lower confidence bound of a proportion after `successes` successes and
// `failures` failures (Clopper and Pearson 1934), one-sided: it exceeds the
// true proportion in at most 1 - `confidence` of experiments. Counts need not
// be whole. 0 when there is no success.
double LowerBound(double successes, double failures, double confidence);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_BINOMIAL_H_
