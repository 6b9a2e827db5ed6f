#include "engine/embed/calibration.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;

absl::Status CheckRange(absl::string_view field, double value, double low,
                        double high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return InvalidField(field,
                      absl::StrCat("is ", value, ", not in ", low, "..", high));
}

// Reads an array of objects, each by `read(json, field)`.
template <typename T, typename ReadOne>
absl::Status ReadArray(const Json* array, const std::string& field,
                       const ReadOne& read, std::vector<T>& values) {
  if (array == nullptr) return absl::OkStatus();
  if (!array->is_array()) return InvalidField(field, "must be an array");
  for (size_t i = 0; i < array->size(); ++i) {
    ASSIGN_OR_RETURN(T value,
                     read((*array)[i], absl::StrCat(field, "[", i, "]")));
    values.push_back(std::move(value));
  }
  return absl::OkStatus();
}

absl::StatusOr<CalibrationKnot> ReadKnot(const Json& json,
                                         const std::string& field) {
  JsonReader reader(json, field);
  double similarity = 0;
  double probability = 0;
  reader.Require("similarity");
  reader.Require("probability");
  reader.Read("similarity", similarity);
  reader.Read("probability", probability);
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(CheckRange(reader.PathOf("similarity"), similarity, -1, 1));
  RETURN_IF_ERROR(CheckRange(reader.PathOf("probability"), probability, 0, 1));
  return CalibrationKnot{static_cast<float>(similarity),
                         static_cast<float>(probability)};
}

absl::StatusOr<CalibratedThreshold> ReadThreshold(const Json& json,
                                                  const std::string& field) {
  JsonReader reader(json, field);
  CalibratedThreshold threshold;
  double similarity = 0;
  for (const char* key : {"precision", "similarity", "observed", "lower_bound",
                          "accepted", "recall"}) {
    reader.Require(key);
  }
  reader.Read("precision", threshold.precision);
  reader.Read("similarity", similarity);
  reader.Read("observed", threshold.observed);
  reader.Read("lower_bound", threshold.lower_bound);
  reader.Read("accepted", threshold.accepted);
  reader.Read("recall", threshold.recall);
  RETURN_IF_ERROR(reader.Finish());
  for (const auto& [key, value] :
       {std::pair{"precision", threshold.precision},
        std::pair{"observed", threshold.observed},
        std::pair{"lower_bound", threshold.lower_bound},
        std::pair{"recall", threshold.recall}}) {
    RETURN_IF_ERROR(CheckRange(reader.PathOf(key), value, 0, 1));
  }
  RETURN_IF_ERROR(CheckRange(reader.PathOf("similarity"), similarity, -1, 1));
  if (threshold.accepted < 1) {
    return InvalidField(reader.PathOf("accepted"), "is not above 0");
  }
  threshold.similarity = static_cast<float>(similarity);
  return threshold;
}

absl::StatusOr<RefusedPrecision> ReadRefused(const Json& json,
                                             const std::string& field) {
  JsonReader reader(json, field);
  RefusedPrecision refused;
  reader.Require("precision");
  reader.Read("precision", refused.precision);
  reader.Read("pairs_needed", refused.pairs_needed);
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(
      CheckRange(reader.PathOf("precision"), refused.precision, 0, 1));
  if (refused.pairs_needed < 0) {
    return InvalidField(reader.PathOf("pairs_needed"), "is below 0");
  }
  return refused;
}

// Each precision higher than the one before, and no looser.
absl::Status CheckThresholds(const Calibration& calibration,
                             const std::string& field) {
  const auto& thresholds = calibration.thresholds;
  for (size_t i = 1; i < thresholds.size(); ++i) {
    if (thresholds[i].precision <= thresholds[i - 1].precision ||
        thresholds[i].similarity < thresholds[i - 1].similarity) {
      return InvalidField(absl::StrCat(field, "[", i, "]"),
                          "does not rise from the one before");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCurve(const Calibration& calibration,
                        const JsonReader& reader) {
  if (calibration.method == "platt") {
    if (calibration.slope < 0) return absl::OkStatus();
    return InvalidField(reader.PathOf("slope"),
                        "is not below 0: a larger similarity would mean less");
  }
  if (calibration.method != "isotonic") {
    return InvalidField(reader.PathOf("method"),
                        "is neither platt nor isotonic");
  }
  const auto& knots = calibration.knots;
  if (knots.empty()) {
    return InvalidField(reader.PathOf("knots"), "is missing or empty");
  }
  for (size_t i = 1; i < knots.size(); ++i) {
    if (knots[i].similarity < knots[i - 1].similarity ||
        knots[i].probability < knots[i - 1].probability) {
      return InvalidField(absl::StrCat(reader.PathOf("knots"), "[", i, "]"),
                          "falls behind the one before");
    }
  }
  return absl::OkStatus();
}

}  // namespace

double Calibration::Probability(float similarity) const {
  if (method == "platt") {
    return 1.0 / (1.0 + std::exp(slope * double{similarity} + intercept));
  }
  if (knots.empty()) return 0;
  const auto above = std::upper_bound(
      knots.begin(), knots.end(), similarity,
      [](float s, const CalibrationKnot& knot) { return s < knot.similarity; });
  if (above == knots.begin()) return knots.front().probability;
  if (above == knots.end()) return knots.back().probability;
  const CalibrationKnot& below = *(above - 1);
  const double part = (double{similarity} - below.similarity) /
                      (double{above->similarity} - below.similarity);
  return below.probability + part * (above->probability - below.probability);
}

absl::StatusOr<CalibratedThreshold> Calibration::ThresholdFor(
    double precision) const {
  for (const CalibratedThreshold& threshold : thresholds) {
    if (threshold.precision >= precision) return threshold;
  }
  std::string message = absl::StrFormat(
      "the model has no threshold for a precision of %g; it has ", precision);
  if (thresholds.empty()) {
    absl::StrAppend(&message, "none");
  } else {
    absl::StrAppend(&message,
                    absl::StrJoin(thresholds, ", ",
                                  [](std::string* out, const auto& threshold) {
                                    absl::StrAppend(out, threshold.precision);
                                  }));
  }
  for (const RefusedPrecision& one : refused) {
    if (one.precision < precision) continue;
    absl::StrAppend(&message, "; ", one.precision,
                    one.pairs_needed == 0
                        ? std::string(" is out of its reach")
                        : absl::StrCat(" would have taken at least ",
                                       one.pairs_needed, " held-out pairs"));
    break;
  }
  return absl::NotFoundError(message);
}

std::optional<CalibratedThreshold> Calibration::Met(float similarity) const {
  std::optional<CalibratedThreshold> met;
  for (const CalibratedThreshold& threshold : thresholds) {
    if (similarity >= threshold.similarity) met = threshold;
  }
  return met;
}

Json CalibrationToJson(const Calibration& calibration) {
  Json json = {{"method", calibration.method}, {"prior", calibration.prior},
               {"data", calibration.data},     {"matches", calibration.matches},
               {"others", calibration.others}, {"thresholds", Json::array()},
               {"refused", Json::array()}};
  if (calibration.method == "platt") {
    json["slope"] = calibration.slope;
    json["intercept"] = calibration.intercept;
  } else {
    json["knots"] = Json::array();
    for (const CalibrationKnot& knot : calibration.knots) {
      json["knots"].push_back(
          {{"similarity", knot.similarity}, {"probability", knot.probability}});
    }
  }
  for (const CalibratedThreshold& threshold : calibration.thresholds) {
    json["thresholds"].push_back({{"precision", threshold.precision},
                                  {"similarity", threshold.similarity},
                                  {"observed", threshold.observed},
                                  {"lower_bound", threshold.lower_bound},
                                  {"accepted", threshold.accepted},
                                  {"recall", threshold.recall}});
  }
  for (const RefusedPrecision& refused : calibration.refused) {
    json["refused"].push_back({{"precision", refused.precision},
                               {"pairs_needed", refused.pairs_needed}});
  }
  return json;
}

absl::StatusOr<Calibration> CalibrationFromJson(const Json& json,
                                                absl::string_view field) {
  JsonReader reader(json, field);
  Calibration calibration;
  for (const char* key : {"method", "prior", "matches", "others"}) {
    reader.Require(key);
  }
  reader.Read("method", calibration.method);
  reader.Read("slope", calibration.slope);
  reader.Read("intercept", calibration.intercept);
  reader.Read("prior", calibration.prior);
  reader.Read("data", calibration.data);
  reader.Read("matches", calibration.matches);
  reader.Read("others", calibration.others);
  const Json* const knots = reader.Member("knots");
  const Json* const thresholds = reader.Member("thresholds");
  const Json* const refused = reader.Member("refused");
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(CheckRange(reader.PathOf("prior"), calibration.prior, 0, 1));
  for (const auto& [key, count] : {std::pair{"matches", calibration.matches},
                                   std::pair{"others", calibration.others}}) {
    if (count < 1) return InvalidField(reader.PathOf(key), "is not above 0");
  }
  RETURN_IF_ERROR(
      ReadArray(knots, reader.PathOf("knots"), ReadKnot, calibration.knots));
  RETURN_IF_ERROR(ReadArray(thresholds, reader.PathOf("thresholds"),
                            ReadThreshold, calibration.thresholds));
  RETURN_IF_ERROR(ReadArray(refused, reader.PathOf("refused"), ReadRefused,
                            calibration.refused));
  RETURN_IF_ERROR(CheckCurve(calibration, reader));
  RETURN_IF_ERROR(CheckThresholds(calibration, reader.PathOf("thresholds")));
  return calibration;
}

}  // namespace likeness
