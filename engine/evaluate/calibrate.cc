#include "engine/evaluate/calibrate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/binomial.h"
#include "engine/evaluate/calibration_curve.h"

namespace likeness {
namespace {

constexpr double kConfidence = 0.95;
// Looking at fewer thresholds leaves chance fewer occasions to look good.
constexpr size_t kCandidates = 100;
constexpr double kMostPairsNeeded = 1e8;

// The pairs at or above a threshold.
struct Candidate {
  float similarity = 0;
  double matches = 0;
  double others = 0;
};

// What is known of all pairs.
struct Mix {
  double matches = 0;
  double others = 0;
  double prior = 0;

  // A share of matches among held-out pairs, as it would be at the prior.
  double AtPrior(double share) const {
    if (share >= 1) return 1;
    const double odds =
        share / (1 - share) * (others / matches) * (prior / (1 - prior));
    return odds / (1 + odds);
  }
  double Observed(const Candidate& candidate) const {
    return AtPrior(candidate.matches / (candidate.matches + candidate.others));
  }
  // With `factor` times as many pairs of the same kind.
  double Bound(const Candidate& candidate, double factor = 1) const {
    return AtPrior(LowerBound(factor * candidate.matches,
                              factor * candidate.others, kConfidence));
  }
};

// By falling similarity.
std::vector<Candidate> MakeCandidates(absl::Span<const CalibrationPair> pairs,
                                      const Mix& mix) {
  std::vector<CalibrationPair> sorted(pairs.begin(), pairs.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const CalibrationPair& a, const CalibrationPair& b) {
              return a.similarity > b.similarity;
            });
  std::vector<Candidate> candidates;
  Candidate accepted;
  const auto step = std::max(1.0, mix.matches / kCandidates);
  double next = step;
  for (size_t i = 0; i < sorted.size(); ++i) {
    (sorted[i].match ? accepted.matches : accepted.others) += 1;
    accepted.similarity = sorted[i].similarity;
    // Equal similarities are accepted together.
    if (i + 1 < sorted.size() &&
        sorted[i + 1].similarity == accepted.similarity) {
      continue;
    }
    // Where a step's last match is; the others up to the next match would only
    // make it worse.
    if (accepted.matches < next - 1e-9) continue;
    if (!candidates.empty() && candidates.back().matches == accepted.matches) {
      continue;
    }
    candidates.push_back(accepted);
    while (next <= accepted.matches) next += step;
  }
  return candidates;
}

std::optional<CalibratedThreshold> FindThreshold(
    const std::vector<Candidate>& candidates, const Mix& mix,
    double precision) {
  for (auto it = candidates.rbegin(); it != candidates.rend(); ++it) {
    const double bound = mix.Bound(*it);
    if (bound < precision) continue;
    return CalibratedThreshold{
        .precision = precision,
        .similarity = it->similarity,
        .observed = mix.Observed(*it),
        .lower_bound = bound,
        .accepted = std::llround(it->matches + it->others),
        .recall = it->matches / mix.matches};
  }
  return std::nullopt;
}

// The least factor on the number of pairs at which some candidate's bound meets
// the precision, to one in a thousand; 0 when none would.
double FactorNeeded(const std::vector<Candidate>& candidates, const Mix& mix,
                    double precision) {
  double least = kMostPairsNeeded / (mix.matches + mix.others);
  bool found = false;
  for (const Candidate& candidate : candidates) {
    if (mix.Observed(candidate) <= precision ||
        mix.Bound(candidate, least) < precision) {
      continue;
    }
    found = true;
    double low = 1;
    double high = least;
    while (high > 1.001 * low) {
      const double middle = std::sqrt(low * high);
      (mix.Bound(candidate, middle) < precision ? low : high) = middle;
    }
    least = high;
  }
  return found ? least : 0;
}

}  // namespace

absl::Status CalibrateOptions::Validate() const {
  if (!(prior > 0 && prior < 1)) {
    return InvalidField("prior", absl::StrCat("is ", prior, ", not in 0..1"));
  }
  for (const double precision : precisions) {
    if (!(precision > 0 && precision < 1)) {
      return InvalidField("precisions",
                          absl::StrCat("holds ", precision, ", not in 0..1"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Calibration> Calibrate(absl::Span<const CalibrationPair> pairs,
                                      const CalibrateOptions& options) {
  RETURN_IF_ERROR(options.Validate());
  Mix mix{.prior = options.prior};
  for (const CalibrationPair& pair : pairs) {
    (pair.match ? mix.matches : mix.others) += 1;
  }
  if (mix.matches == 0 || mix.others == 0) {
    return InvalidField("pairs", mix.matches == 0 ? "hold no match"
                                                  : "hold nothing but matches");
  }
  // In all the weights are as many as the pairs.
  const auto count = static_cast<double>(pairs.size());
  const double match_weight = options.prior * count / mix.matches;
  const double other_weight = (1 - options.prior) * count / mix.others;
  Calibration calibration;
  calibration.prior = options.prior;
  calibration.data = options.data;
  calibration.matches = std::llround(mix.matches);
  calibration.others = std::llround(mix.others);
  if (pairs.size() < kIsotonicPairs) {
    ASSIGN_OR_RETURN(const PlattCurve curve, FitPlatt(pairs));
    calibration.method = "platt";
    calibration.slope = curve.slope;
    // Another share of matches multiplies the odds.
    calibration.intercept =
        curve.intercept - std::log(match_weight / other_weight);
  } else {
    calibration.method = "isotonic";
    calibration.knots = FitIsotonic(pairs, match_weight, other_weight);
  }
  const std::vector<Candidate> candidates = MakeCandidates(pairs, mix);
  std::vector<double> precisions = options.precisions;
  std::sort(precisions.begin(), precisions.end());
  precisions.erase(std::unique(precisions.begin(), precisions.end()),
                   precisions.end());
  for (const double precision : precisions) {
    if (auto found = FindThreshold(candidates, mix, precision)) {
      calibration.thresholds.push_back(*found);
    } else {
      const double factor = FactorNeeded(candidates, mix, precision);
      calibration.refused.push_back(
          {precision, std::llround(std::ceil(factor * count))});
    }
  }
  return calibration;
}

}  // namespace likeness
