#include "engine/train/loss_spec.h"

#include "absl/strings/str_cat.h"
#include "engine/core/enum_names.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

constexpr EnumName<Distance> kDistances[] = {
    {Distance::kEuclidean, "euclidean"},
    {Distance::kSquaredEuclidean, "squared_euclidean"},
    {Distance::kManhattan, "manhattan"},
    {Distance::kCosine, "cosine"}};

constexpr EnumName<LossType> kLossTypes[] = {
    {LossType::kContrastive, "contrastive"},
    {LossType::kTriplet, "triplet"},
    {LossType::kInfoNce, "info_nce"},
    {LossType::kSupervisedContrastive, "supervised_contrastive"},
    {LossType::kMultiSimilarity, "multi_similarity"},
    {LossType::kProxyAnchor, "proxy_anchor"},
    {LossType::kKoLeo, "koleo"}};

constexpr EnumName<TripletMining> kMinings[] = {
    {TripletMining::kBatchAll, "batch_all"},
    {TripletMining::kBatchHard, "batch_hard"},
    {TripletMining::kSemiHard, "semi_hard"},
    {TripletMining::kCurriculum, "curriculum"}};

// What the range checks of one spec share.
class Checker {
 public:
  explicit Checker(absl::string_view field) : field_(field) {}

  absl::Status Above0(absl::string_view key, double value) const {
    if (value > 0 && value <= kMost) return absl::OkStatus();
    return InvalidField(
        absl::StrCat(field_, ".", key),
        absl::StrCat("is ", value, ", must be above 0 and at most ", kMost));
  }

  absl::Status Within(absl::string_view key, double value, double min,
                      double max) const {
    if (value >= min && value <= max) return absl::OkStatus();
    return InvalidField(
        absl::StrCat(field_, ".", key),
        absl::StrCat("is ", value, ", must be in ", min, "..", max));
  }

  absl::Status Is(Distance distance, Distance wanted) const {
    if (distance == wanted) return absl::OkStatus();
    return InvalidField(absl::StrCat(field_, ".distance"),
                        absl::StrCat("this loss is defined on the distance ",
                                     DistanceName(wanted), " only"));
  }

 private:
  static constexpr double kMost = 1e6;

  const absl::string_view field_;
};

}  // namespace

absl::string_view DistanceName(Distance distance) {
  return NameOf(kDistances, distance);
}

absl::StatusOr<Distance> ParseDistance(absl::string_view name) {
  return ParseName(kDistances, "distance", name);
}

absl::string_view LossTypeName(LossType type) {
  return NameOf(kLossTypes, type);
}

absl::StatusOr<LossType> ParseLossType(absl::string_view name) {
  return ParseName(kLossTypes, "loss", name);
}

absl::string_view TripletMiningName(TripletMining mining) {
  return NameOf(kMinings, mining);
}

absl::StatusOr<TripletMining> ParseTripletMining(absl::string_view name) {
  return ParseName(kMinings, "mining", name);
}

LossSpec LossSpec::Defaults(LossType type) {
  LossSpec spec{.type = type};
  switch (type) {
    case LossType::kContrastive:
      spec.margin = 1;
      break;
    case LossType::kTriplet:
    case LossType::kKoLeo:
      break;
    case LossType::kInfoNce:
      spec.distance = Distance::kCosine;
      spec.temperature = 0.05;
      break;
    case LossType::kSupervisedContrastive:
      spec.distance = Distance::kCosine;
      break;
    case LossType::kMultiSimilarity:
      spec.distance = Distance::kCosine;
      spec.margin = 0.1;
      spec.positive_scale = 2;
      spec.negative_scale = 50;
      break;
    case LossType::kProxyAnchor:
      spec.distance = Distance::kCosine;
      spec.margin = 0.1;
      spec.positive_scale = 32;
      spec.negative_scale = 32;
      break;
  }
  return spec;
}

absl::Status LossSpec::Validate(absl::string_view field) const {
  const Checker check(field);
  switch (type) {
    case LossType::kContrastive:
    case LossType::kTriplet:
      return check.Above0("margin", margin);
    case LossType::kInfoNce:
    case LossType::kSupervisedContrastive:
      return check.Above0("temperature", temperature);
    case LossType::kMultiSimilarity:
      RETURN_IF_ERROR(check.Within("threshold", threshold, -1, 1));
      [[fallthrough]];
    case LossType::kProxyAnchor:
      RETURN_IF_ERROR(check.Is(distance, Distance::kCosine));
      RETURN_IF_ERROR(check.Within("margin", margin, 0, 1));
      RETURN_IF_ERROR(check.Above0("positive_scale", positive_scale));
      return check.Above0("negative_scale", negative_scale);
    case LossType::kKoLeo:
      return check.Is(distance, Distance::kEuclidean);
  }
  return InvalidField(absl::StrCat(field, ".type"), "there is no such loss");
}

absl::StatusOr<LossSpec> ParseLossSpec(const nlohmann::json& json,
                                       absl::string_view field) {
  JsonReader reader(json, field);
  LossType type = LossSpec().type;
  reader.Require("type");
  reader.Read("type", type, ParseLossType);
  LossSpec spec = LossSpec::Defaults(type);
  switch (type) {
    case LossType::kContrastive:
      reader.Read("distance", spec.distance, ParseDistance);
      reader.Read("margin", spec.margin);
      reader.Read("balanced", spec.balanced);
      break;
    case LossType::kTriplet:
      reader.Read("distance", spec.distance, ParseDistance);
      reader.Read("margin", spec.margin);
      reader.Read("mining", spec.mining, ParseTripletMining);
      break;
    case LossType::kInfoNce:
    case LossType::kSupervisedContrastive:
      reader.Read("distance", spec.distance, ParseDistance);
      reader.Read("temperature", spec.temperature);
      break;
    case LossType::kMultiSimilarity:
      reader.Read("threshold", spec.threshold);
      [[fallthrough]];
    case LossType::kProxyAnchor:
      reader.Read("margin", spec.margin);
      reader.Read("positive_scale", spec.positive_scale);
      reader.Read("negative_scale", spec.negative_scale);
      break;
    case LossType::kKoLeo:
      break;
  }
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(spec.Validate(field));
  return spec;
}

}  // namespace likeness
