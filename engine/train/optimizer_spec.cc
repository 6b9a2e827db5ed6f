#include "engine/train/optimizer_spec.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "engine/core/enum_names.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

constexpr EnumName<OptimizerType> kOptimizers[] = {
    {OptimizerType::kAdamW, "adamw"}, {OptimizerType::kSgd, "sgd"}};

constexpr EnumName<AveragingType> kAveragings[] = {
    {AveragingType::kNone, "none"},
    {AveragingType::kEma, "ema"},
    {AveragingType::kSwa, "swa"}};

bool Between0And1(double value) { return value > 0 && value < 1; }

bool Finite0AndUp(double value) { return value >= 0 && std::isfinite(value); }

}  // namespace

absl::string_view OptimizerTypeName(OptimizerType type) {
  return NameOf(kOptimizers, type);
}

absl::StatusOr<OptimizerType> ParseOptimizerType(absl::string_view name) {
  return ParseName(kOptimizers, "optimizer", name);
}

absl::string_view AveragingTypeName(AveragingType type) {
  return NameOf(kAveragings, type);
}

absl::StatusOr<AveragingType> ParseAveragingType(absl::string_view name) {
  return ParseName(kAveragings, "averaging", name);
}

absl::Status OptimizerSpec::Validate(absl::string_view field) const {
  const auto blame = [&](absl::string_view key, absl::string_view message) {
    return InvalidField(absl::StrCat(field, ".", key), message);
  };
  if (!Finite0AndUp(learning_rate) || learning_rate == 0) {
    return blame("learning_rate", "must be above 0");
  }
  if (!Finite0AndUp(head_factor) || head_factor == 0) {
    return blame("head_factor", "must be above 0");
  }
  if (!Finite0AndUp(weight_decay)) {
    return blame("weight_decay", "must not be negative");
  }
  if (!Finite0AndUp(clip_norm)) {
    return blame("clip_norm", "must not be negative");
  }
  if (!Between0And1(beta1)) return blame("beta1", "must be between 0 and 1");
  if (!Between0And1(beta2)) return blame("beta2", "must be between 0 and 1");
  if (!(momentum >= 0 && momentum < 1)) {
    return blame("momentum", "must be at least 0 and below 1");
  }
  if (nesterov && momentum == 0) {
    return blame("nesterov", "needs a momentum above 0");
  }
  return absl::OkStatus();
}

absl::StatusOr<OptimizerSpec> ParseOptimizerSpec(const nlohmann::json& json,
                                                 absl::string_view field) {
  OptimizerSpec spec;
  JsonReader reader(json, field);
  reader.Require("type");
  reader.Read("type", spec.type, ParseOptimizerType);
  reader.Read("learning_rate", spec.learning_rate);
  reader.Read("head_factor", spec.head_factor);
  reader.Read("weight_decay", spec.weight_decay);
  reader.Read("clip_norm", spec.clip_norm);
  if (spec.type == OptimizerType::kAdamW) {
    reader.Read("beta1", spec.beta1);
    reader.Read("beta2", spec.beta2);
  } else {
    reader.Read("momentum", spec.momentum);
    reader.Read("nesterov", spec.nesterov);
  }
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(spec.Validate(field));
  return spec;
}

absl::Status AveragingSpec::Validate(absl::string_view field) const {
  const auto blame = [&](absl::string_view key, absl::string_view message) {
    return InvalidField(absl::StrCat(field, ".", key), message);
  };
  if (!Between0And1(decay)) return blame("decay", "must be between 0 and 1");
  if (!(start >= 0 && start <= 1)) return blame("start", "must be in 0..1");
  if (every < 1) return blame("every", "must be at least 1");
  if (!(start_share >= 0 && start_share <= 1)) {
    return blame("start_share", "must be in 0..1");
  }
  return absl::OkStatus();
}

absl::StatusOr<AveragingSpec> ParseAveragingSpec(const nlohmann::json& json,
                                                 absl::string_view field) {
  AveragingSpec spec;
  JsonReader reader(json, field);
  reader.Require("type");
  reader.Read("type", spec.type, ParseAveragingType);
  if (spec.type == AveragingType::kEma) reader.Read("decay", spec.decay);
  if (spec.type != AveragingType::kNone) {
    reader.Read("start", spec.start);
    reader.Read("every", spec.every);
  }
  reader.Read("start_share", spec.start_share);
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(spec.Validate(field));
  return spec;
}

}  // namespace likeness
