#include "engine/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "absl/strings/str_cat.h"
#include "engine/core/enum_names.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

constexpr EnumName<ScheduleType> kTypes[] = {
    {ScheduleType::kConstant, "constant"},
    {ScheduleType::kCosine, "cosine"},
    {ScheduleType::kStep, "step"},
    {ScheduleType::kPlateau, "plateau"}};

double Cosine(const ScheduleSpec& spec, int64_t step, int64_t total_steps) {
  const auto done = static_cast<double>(step - spec.warm_up_steps);
  const auto all = static_cast<double>(total_steps - spec.warm_up_steps);
  // A training that ends within its warm-up never begins to fall.
  const double share = all > 0 ? std::clamp(done / all, 0.0, 1.0) : 0;
  return spec.final_factor +
         (1 - spec.final_factor) * (1 + std::cos(std::numbers::pi * share)) / 2;
}

}  // namespace

absl::string_view ScheduleTypeName(ScheduleType type) {
  return NameOf(kTypes, type);
}

absl::StatusOr<ScheduleType> ParseScheduleType(absl::string_view name) {
  return ParseName(kTypes, "schedule", name);
}

absl::Status ScheduleSpec::Validate(absl::string_view field) const {
  const auto blame = [&](absl::string_view key, absl::string_view message) {
    return InvalidField(absl::StrCat(field, ".", key), message);
  };
  if (warm_up_steps < 0) return blame("warm_up_steps", "must not be negative");
  if (!(final_factor >= 0 && final_factor <= 1)) {
    return blame("final_factor", "must be in 0..1");
  }
  if (!(drop_factor > 0 && drop_factor < 1)) {
    return blame("drop_factor", "must be above 0 and below 1");
  }
  if (drop_every < 1) return blame("drop_every", "must be at least 1");
  if (patience < 1) return blame("patience", "must be at least 1");
  if (!(min_improvement >= 0)) {
    return blame("min_improvement", "must not be negative");
  }
  return absl::OkStatus();
}

absl::StatusOr<ScheduleSpec> ParseScheduleSpec(const nlohmann::json& json,
                                               absl::string_view field) {
  ScheduleSpec spec;
  JsonReader reader(json, field);
  reader.Require("type");
  reader.Read("type", spec.type, ParseScheduleType);
  reader.Read("warm_up_steps", spec.warm_up_steps);
  const bool plateau = spec.type == ScheduleType::kPlateau;
  if (plateau || spec.type == ScheduleType::kCosine) {
    reader.Read("final_factor", spec.final_factor);
  }
  if (plateau || spec.type == ScheduleType::kStep) {
    reader.Read("drop_factor", spec.drop_factor);
  }
  if (spec.type == ScheduleType::kStep) {
    reader.Read("drop_every", spec.drop_every);
  }
  if (plateau) {
    reader.Read("patience", spec.patience);
    reader.Read("min_improvement", spec.min_improvement);
  }
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(spec.Validate(field));
  return spec;
}

double ScheduleFactor(const ScheduleSpec& spec, int64_t step,
                      int64_t total_steps) {
  const double warm_up = step < spec.warm_up_steps
                             ? static_cast<double>(step + 1) /
                                   static_cast<double>(spec.warm_up_steps)
                             : 1;
  switch (spec.type) {
    case ScheduleType::kCosine:
      return warm_up * Cosine(spec, step, total_steps);
    case ScheduleType::kStep: {
      const int64_t drops = step / spec.drop_every;
      return warm_up * std::pow(spec.drop_factor, static_cast<double>(drops));
    }
    case ScheduleType::kConstant:
    case ScheduleType::kPlateau:
      break;
  }
  return warm_up;
}

nlohmann::json ToJson(const PlateauState& state) {
  return {{"best", ToJson(state.best)},
          {"last_drop", state.last_drop},
          {"factor", state.factor}};
}

absl::StatusOr<PlateauState> ParsePlateauState(const nlohmann::json& json,
                                               absl::string_view field) {
  PlateauState state;
  JsonReader reader(json, field);
  for (const char* key : {"best", "last_drop", "factor"}) reader.Require(key);
  reader.Read("last_drop", state.last_drop);
  reader.Read("factor", state.factor);
  RETURN_IF_ERROR(reader.Finish());
  ASSIGN_OR_RETURN(state.best, ParseBestSoFar(*reader.Member("best"),
                                              reader.PathOf("best")));
  if (state.last_drop < 0 || state.last_drop > state.best.evaluations) {
    return InvalidField(reader.PathOf("last_drop"),
                        "must be among the evaluations");
  }
  if (!(state.factor >= 0 && state.factor <= 1)) {
    return InvalidField(reader.PathOf("factor"), "must be in 0..1");
  }
  return state;
}

Schedule::Schedule(const ScheduleSpec& spec, int64_t total_steps,
                   const PlateauState& state)
    : spec_(spec), total_steps_(total_steps), state_(state) {}

double Schedule::FactorAt(int64_t step) const {
  return state_.factor * ScheduleFactor(spec_, step, total_steps_);
}

void Schedule::Observe(double metric) {
  if (spec_.type != ScheduleType::kPlateau) return;
  state_.best.Observe(metric, spec_.min_improvement);
  const int64_t waited =
      state_.best.evaluations -
      std::max(state_.best.best_evaluation, state_.last_drop);
  if (waited < spec_.patience) return;
  state_.last_drop = state_.best.evaluations;
  state_.factor =
      std::max(spec_.final_factor, state_.factor * spec_.drop_factor);
}

}  // namespace likeness
