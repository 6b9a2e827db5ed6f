#include "engine/train/run_state.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;

Json ToJson(const ValidationResult& result) {
  return {{"score", result.score}, {"metrics", result.metrics}};
}

absl::Status ReadResult(const Json& json, const std::string& field,
                        ValidationResult& result) {
  JsonReader reader(json, field);
  reader.Require("score");
  reader.Read("score", result.score);
  if (const Json* metrics = reader.Member("metrics")) {
    for (const auto& [name, value] : metrics->items()) {
      if (!value.is_number()) {
        return InvalidField(absl::StrCat(field, ".metrics.", name),
                            "is no number");
      }
      result.metrics[name] = value.get<double>();
    }
  }
  return reader.Finish();
}

absl::StatusOr<RunState> Read(absl::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), /*cb=*/nullptr,
                                /*allow_exceptions=*/false);
  if (!json.is_object()) return InvalidField("state", "is no JSON object");
  RunState state;
  JsonReader reader(json, "state");
  for (const char* key : {"recipe", "step", "best_step", "first", "best",
                          "plateau", "stopping"}) {
    reader.Require(key);
  }
  reader.Read("recipe", state.recipe);
  reader.Read("step", state.step);
  reader.Read("best_step", state.best_step);
  const Json* first = reader.Member("first");
  const Json* best = reader.Member("best");
  const Json* plateau = reader.Member("plateau");
  const Json* stopping = reader.Member("stopping");
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(ReadResult(*first, "state.first", state.first));
  RETURN_IF_ERROR(ReadResult(*best, "state.best", state.best));
  ASSIGN_OR_RETURN(state.plateau, ParsePlateauState(*plateau, "state.plateau"));
  ASSIGN_OR_RETURN(state.stopping, ParseBestSoFar(*stopping, "state.stopping"));
  return state;
}

}  // namespace

std::string RunStateToJson(const RunState& state) {
  const Json json = {{"recipe", state.recipe},
                     {"step", state.step},
                     {"best_step", state.best_step},
                     {"first", ToJson(state.first)},
                     {"best", ToJson(state.best)},
                     {"plateau", ToJson(state.plateau)},
                     {"stopping", ToJson(state.stopping)}};
  return json.dump();
}

absl::StatusOr<RunState> RunStateFromJson(absl::string_view text) {
  absl::StatusOr<RunState> state = Read(text);
  if (state.ok()) return state;
  return WithReason(absl::DataLossError(
                        absl::StrCat("checkpoint: ", state.status().message())),
                    kReasonCorruptData);
}

}  // namespace likeness
