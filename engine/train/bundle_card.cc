#include "engine/train/bundle_card.h"

#include "engine/core/space.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;

// Of engine/image/prepare.h.
constexpr int kPreprocessingVersion = 1;

Json HeadJson(const HeadSpec& head) {
  Json json = {{"pooling", head.pooling},
               {"dimensions", head.dimensions},
               {"projection", head.projection},
               {"normalize_pooled", head.normalize_pooled}};
  if (head.pooling == "gem") json["gem_p"] = head.gem_p;
  return json;
}

}  // namespace

std::string MakeCard(const Recipe& recipe, absl::Span<const DataSummary> data) {
  const NetworkSpec& network = recipe.network;
  Json heads;
  for (const Space space : kAllSpaces) {
    heads[std::string(SpaceName(space))] = HeadJson(recipe.heads[space].spec);
  }
  Json sets = Json::array();
  for (const DataSummary& set : data) {
    sets.push_back({{"name", set.name},
                    {"licence", set.licence},
                    {"classes", set.classes},
                    {"training_classes", set.training_classes},
                    {"training_pictures", set.training_pictures}});
  }
  Json card = {
      {"format", 1},
      {"name", recipe.name},
      {"architecture", network.architecture},
      {"preprocessing",
       {{"version", kPreprocessingVersion},
        {"input_side", network.side},
        {"fit", network.fit == Fit::kPad ? "pad" : "stretch"},
        {"mean", network.mean},
        {"scale", network.scale}}},
      {"heads", heads},
      {"recipe", Json::parse(recipe.text)},
      {"seed", recipe.seed},
      {"data", sets},
  };
  if (!recipe.card.license.empty()) card["license"] = recipe.card.license;
  if (!recipe.card.limits.empty()) card["limits"] = recipe.card.limits;
  return card.dump();
}

}  // namespace likeness
