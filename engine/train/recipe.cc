#include "engine/train/recipe.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/core/enum_names.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "engine/train/recipe_reader.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;

// The names that one list of the recipe gives to another.
template <typename Spec>
absl::StatusOr<std::vector<std::string>> UniqueNames(
    const std::vector<Spec>& specs, absl::string_view field) {
  std::vector<std::string> names;
  for (size_t i = 0; i < specs.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "].name");
    if (specs[i].name.empty()) return InvalidField(path, "is missing");
    if (std::find(names.begin(), names.end(), specs[i].name) != names.end()) {
      return InvalidField(
          path, absl::StrCat("\"", specs[i].name, "\" is there twice"));
    }
    names.push_back(specs[i].name);
  }
  return names;
}

absl::Status CheckKnown(const std::string& name,
                        const std::vector<std::string>& known,
                        absl::string_view field) {
  if (std::find(known.begin(), known.end(), name) != known.end()) {
    return absl::OkStatus();
  }
  return InvalidField(
      field, absl::StrCat("there is no \"", name,
                          "\"; there are: ", absl::StrJoin(known, ", ")));
}

absl::Status CheckKnown(const std::vector<std::string>& names,
                        const std::vector<std::string>& known,
                        absl::string_view field) {
  for (const std::string& name : names) {
    RETURN_IF_ERROR(CheckKnown(name, known, field));
  }
  return absl::OkStatus();
}

absl::Status CheckReferences(const Recipe& recipe) {
  ASSIGN_OR_RETURN(const std::vector<std::string> data,
                   UniqueNames(recipe.data, "data"));
  ASSIGN_OR_RETURN(const std::vector<std::string> streams,
                   UniqueNames(recipe.streams, "streams"));
  for (size_t i = 0; i < recipe.streams.size(); ++i) {
    RETURN_IF_ERROR(CheckKnown(recipe.streams[i].data, data,
                               absl::StrCat("streams[", i, "].data")));
  }
  for (size_t i = 0; i < recipe.losses.size(); ++i) {
    RETURN_IF_ERROR(CheckKnown(recipe.losses[i].streams, streams,
                               absl::StrCat("losses[", i, "].streams")));
  }
  for (size_t i = 0; i < recipe.validation.sets.size(); ++i) {
    RETURN_IF_ERROR(CheckKnown(recipe.validation.sets[i].data, data,
                               absl::StrCat("validation.sets[", i, "].data")));
  }
  return CheckKnown(recipe.keep.streams, streams, "keep.streams");
}

absl::Status CheckNotEmpty(const Recipe& recipe) {
  if (recipe.data.empty()) return InvalidField("data", "is empty");
  if (recipe.streams.empty()) return InvalidField("streams", "is empty");
  if (recipe.losses.empty()) return InvalidField("losses", "is empty");
  if (!recipe.validation.sets.empty()) return absl::OkStatus();
  if (recipe.validation.stopping.patience > 0) {
    return InvalidField("validation.early_stopping",
                        "needs validation.sets to judge by");
  }
  if (recipe.schedule.type == ScheduleType::kPlateau) {
    return InvalidField("schedule.type",
                        "is plateau: needs validation.sets to judge by");
  }
  return absl::OkStatus();
}

absl::Status ReadHeads(const Json* json, PerSpace<HeadRecipe>& heads) {
  static const Json kNone = Json::object();
  JsonReader reader(json == nullptr ? kNone : *json, "heads");
  for (const Space space : kAllSpaces) {
    const absl::string_view name = SpaceName(space);
    heads[space].spec.projection = absl::StrCat("heads.", name);
    if (const Json* head = reader.Member(name)) {
      RETURN_IF_ERROR(ReadHead(*head, reader.PathOf(name), heads[space]));
    }
  }
  return reader.Finish();
}

template <typename Spec, typename Read>
absl::Status ReadList(JsonReader& reader, absl::string_view key,
                      std::vector<Spec>& specs, const Read& read) {
  const Json* list = reader.Member(key);
  if (list == nullptr) return absl::OkStatus();
  const std::string path = reader.PathOf(key);
  if (!list->is_array()) return InvalidField(path, "is not a list");
  for (size_t i = 0; i < list->size(); ++i) {
    RETURN_IF_ERROR(read((*list)[i], absl::StrCat(path, "[", i, "]"),
                         specs.emplace_back()));
  }
  return absl::OkStatus();
}

template <typename Spec, typename Parse>
absl::Status ReadPart(JsonReader& reader, absl::string_view key, Spec& spec,
                      const Parse& parse) {
  const Json* part = reader.Member(key);
  if (part == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(spec, parse(*part, reader.PathOf(key)));
  return absl::OkStatus();
}

absl::Status ReadValidation(const Json* json, ValidationSpec& spec) {
  if (json == nullptr) return absl::OkStatus();
  JsonReader reader(*json, "validation");
  reader.Read("every", spec.every);
  RETURN_IF_ERROR(ReadList(reader, "sets", spec.sets, ReadValidationSet));
  RETURN_IF_ERROR(ReadPart(reader, "early_stopping", spec.stopping,
                           ParseEarlyStoppingSpec));
  RETURN_IF_ERROR(reader.Finish());
  return CheckRange("validation.every", spec.every, 1, 1'000'000'000);
}

}  // namespace

std::vector<int64_t> Recipe::StreamIndices(
    absl::Span<const std::string> names) const {
  std::vector<int64_t> indices;
  for (size_t i = 0; i < streams.size(); ++i) {
    if (names.empty() ||
        std::find(names.begin(), names.end(), streams[i].name) != names.end()) {
      indices.push_back(static_cast<int64_t>(i));
    }
  }
  return indices;
}

absl::StatusOr<Recipe> ParseRecipe(absl::string_view text,
                                   const RecipeSeeds& seeds) {
  Json json = Json::parse(text.begin(), text.end(), /*cb=*/nullptr,
                          /*allow_exceptions=*/false,
                          /*ignore_comments=*/true);
  if (!json.is_object()) {
    return absl::InvalidArgumentError("the recipe is not a JSON object");
  }
  if (seeds.run.has_value()) json["seed"] = *seeds.run;
  if (seeds.split.has_value() && json.contains("data")) {
    for (Json& set : json["data"]) {
      if (set.is_object()) set["split_seed"] = *seeds.split;
    }
  }
  Recipe recipe;
  recipe.text = json.dump();
  JsonReader reader(json, "");
  reader.Require("name");
  reader.Read("name", recipe.name);
  int64_t seed = 1;
  reader.Read("seed", seed);
  reader.Read("steps", recipe.steps);
  if (const Json* network = reader.Member("network")) {
    RETURN_IF_ERROR(ReadNetwork(*network, "network", recipe.network));
  }
  RETURN_IF_ERROR(ReadHeads(reader.Member("heads"), recipe.heads));
  RETURN_IF_ERROR(ReadList(reader, "data", recipe.data, ReadData));
  RETURN_IF_ERROR(ReadList(reader, "streams", recipe.streams, ReadStream));
  RETURN_IF_ERROR(ReadList(reader, "losses", recipe.losses, ReadLossTerm));
  if (const Json* keep = reader.Member("keep")) {
    RETURN_IF_ERROR(ReadKeep(*keep, "keep", recipe.keep));
  }
  RETURN_IF_ERROR(
      ReadPart(reader, "optimizer", recipe.optimizer, ParseOptimizerSpec));
  RETURN_IF_ERROR(
      ReadPart(reader, "schedule", recipe.schedule, ParseScheduleSpec));
  RETURN_IF_ERROR(
      ReadPart(reader, "averaging", recipe.averaging, ParseAveragingSpec));
  RETURN_IF_ERROR(
      ReadValidation(reader.Member("validation"), recipe.validation));
  if (const Json* card = reader.Member("card")) {
    RETURN_IF_ERROR(ReadCard(*card, "card", recipe.card));
  }
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(CheckRange("seed", seed, 0, kMaxSeed));
  recipe.seed = static_cast<uint64_t>(seed);
  RETURN_IF_ERROR(CheckRange("steps", recipe.steps, 1, 1'000'000'000));
  if (recipe.network.random_start && recipe.averaging.start_share > 0) {
    return InvalidField("averaging.start_share",
                        "must be 0 with network.random_start: there is nothing "
                        "to go back to");
  }
  RETURN_IF_ERROR(CheckNotEmpty(recipe));
  RETURN_IF_ERROR(CheckReferences(recipe));
  return recipe;
}

}  // namespace likeness
