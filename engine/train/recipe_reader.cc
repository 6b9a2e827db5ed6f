#include "engine/train/recipe_reader.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/enum_names.h"
#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;

constexpr EnumName<HeadStart> kHeadStarts[] = {
    {HeadStart::kRandom, "random"},
    {HeadStart::kPrincipalComponents, "principal_components"}};

constexpr EnumName<SamplerKind> kSamplers[] = {
    {SamplerKind::kClasses, "classes"},
    {SamplerKind::kInstances, "instances"},
    {SamplerKind::kPairs, "pairs"},
    {SamplerKind::kTriplets, "triplets"}};

constexpr EnumName<ClassWeight> kClassWeights[] = {
    {ClassWeight::kUniform, "uniform"},
    {ClassWeight::kSquareRoot, "square_root"},
    {ClassWeight::kFrequency, "frequency"}};

constexpr EnumName<SplitUnit> kSplitUnits[] = {
    {SplitUnit::kClass, "class"}, {SplitUnit::kClassGroup, "class_group"}};

constexpr EnumName<ValidationTask> kTasks[] = {
    {ValidationTask::kRetrieval, "retrieval"},
    {ValidationTask::kIconic, "iconic"},
    {ValidationTask::kCopies, "copies"}};

constexpr EnumName<Fit> kFits[] = {{Fit::kPad, "pad"},
                                   {Fit::kStretch, "stretch"}};

template <typename T, size_t N>
auto ParserOf(const EnumName<T> (&names)[N], const char* what) {
  return [&names, what](absl::string_view text) {
    return ParseName(names, what, text);
  };
}

absl::Status ReadTexts(JsonReader& reader, absl::string_view key,
                       std::vector<std::string>& texts) {
  const Json* list = reader.Member(key);
  if (list == nullptr) return absl::OkStatus();
  if (!list->is_array()) {
    return InvalidField(reader.PathOf(key), "is not a list of texts");
  }
  for (const Json& text : *list) {
    if (!text.is_string()) {
      return InvalidField(reader.PathOf(key), "is not a list of texts");
    }
    texts.push_back(text.get<std::string>());
  }
  return absl::OkStatus();
}

absl::StatusOr<ViewRecipe> ReadViews(const Json& json,
                                     const std::string& field) {
  if (!json.is_string()) return ViewRecipeFromJson(json, field);
  const std::string name = json.get<std::string>();
  if (name == "none") return ViewRecipe();
  if (name == "product") return ProductViews();
  if (name == "copy") return CopyViews();
  if (name == "drawing") return DrawingViews();
  return InvalidField(field,
                      absl::StrCat("there are no views \"", name,
                                   "\"; there are: none, product, copy, "
                                   "drawing, or an object of transforms"));
}

}  // namespace

absl::Status ReadNetwork(const Json& json, const std::string& field,
                         NetworkSpec& spec) {
  JsonReader reader(json, field);
  reader.Read("architecture", spec.architecture);
  reader.Read("random_start", spec.random_start);
  reader.Read("frozen_stages", spec.frozen_stages);
  reader.Read("live_norms", spec.live_norms);
  reader.Read("side", spec.side);
  reader.Read("train_side", spec.train_side);
  reader.Read("fit", spec.fit, ParserOf(kFits, "fit"));
  reader.Read("mean", spec.mean);
  reader.Read("scale", spec.scale);
  reader.Read("piece", spec.piece);
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(
      CheckRange(field + ".frozen_stages", spec.frozen_stages, 0, 1000));
  RETURN_IF_ERROR(CheckRange(field + ".side", spec.side, 8, 512));
  RETURN_IF_ERROR(CheckRange(field + ".train_side", spec.train_side, 8, 512));
  RETURN_IF_ERROR(CheckRange(field + ".scale", spec.scale, 1e-3, 1e6));
  return CheckRange(field + ".piece", spec.piece, 1, 1024);
}

absl::Status ReadHead(const Json& json, const std::string& field,
                      HeadRecipe& head) {
  JsonReader reader(json, field);
  double gem_p = head.spec.gem_p;
  reader.Read("pooling", head.spec.pooling);
  reader.Read("gem_p", gem_p);
  reader.Read("dimensions", head.spec.dimensions);
  reader.Read("normalize_pooled", head.spec.normalize_pooled);
  reader.Read("start", head.start, ParserOf(kHeadStarts, "start"));
  RETURN_IF_ERROR(reader.Finish());
  head.spec.gem_p = static_cast<float>(gem_p);
  RETURN_IF_ERROR(CheckRange(field + ".gem_p", gem_p, 1, 100));
  RETURN_IF_ERROR(
      CheckRange(field + ".dimensions", head.spec.dimensions, 2, 4096));
  for (const char* known : {"avg", "max", "gem"}) {
    if (head.spec.pooling == known) return absl::OkStatus();
  }
  return InvalidField(field + ".pooling", "must be avg, max or gem");
}

absl::Status ReadData(const Json& json, const std::string& field,
                      DataSpec& spec) {
  JsonReader reader(json, field);
  int64_t seed = static_cast<int64_t>(spec.seed);
  reader.Require("name");
  reader.Read("name", spec.name);
  reader.Read("path", spec.path);
  reader.Read("licence", spec.licence);
  reader.Read("train", spec.fractions.train);
  reader.Read("validation", spec.fractions.validation);
  reader.Read("test", spec.fractions.test);
  reader.Read("split_by", spec.unit, ParserOf(kSplitUnits, "split_by"));
  reader.Read("split_seed", seed);
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(CheckRange(field + ".split_seed", seed, 0, kMaxSeed));
  spec.seed = static_cast<uint64_t>(seed);
  const absl::Status fractions = spec.fractions.Validate();
  if (!fractions.ok()) return InvalidField(field, fractions.message());
  return absl::OkStatus();
}

absl::Status ReadStream(const Json& json, const std::string& field,
                        StreamSpec& spec) {
  JsonReader reader(json, field);
  for (const char* key : {"name", "data", "sampler"}) reader.Require(key);
  reader.Read("name", spec.name);
  reader.Read("data", spec.data);
  reader.Read("sampler", spec.sampler, ParserOf(kSamplers, "sampler"));
  reader.Read("classes", spec.classes);
  reader.Read("pictures", spec.pictures);
  reader.Read("views", spec.views);
  reader.Read("positive_share", spec.positive_share);
  reader.Read("class_weight", spec.weight,
              ParserOf(kClassWeights, "class_weight"));
  reader.Read("always_group", spec.always_group);
  reader.Read("rotated_classes", spec.rotated_classes);
  if (const Json* views = reader.Member("augment")) {
    ASSIGN_OR_RETURN(spec.augment, ReadViews(*views, field + ".augment"));
  }
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(CheckRange(field + ".classes", spec.classes, 2, 100'000));
  RETURN_IF_ERROR(CheckRange(field + ".pictures", spec.pictures, 1, 100'000));
  RETURN_IF_ERROR(CheckRange(field + ".views", spec.views, 1, 1000));
  return CheckRange(field + ".positive_share", spec.positive_share, 0, 1);
}

absl::Status ReadLossTerm(const Json& json, const std::string& field,
                          LossTermSpec& spec) {
  JsonReader reader(json, field);
  reader.Require("loss");
  if (const Json* loss = reader.Member("loss")) {
    ASSIGN_OR_RETURN(spec.loss, ParseLossSpec(*loss, field + ".loss"));
  }
  reader.Read("head", spec.head, ParseSpace);
  RETURN_IF_ERROR(ReadTexts(reader, "streams", spec.streams));
  reader.Read("positives", spec.pairs.positives, ParsePairKind);
  reader.Read("spare_same_class", spec.pairs.spare_same_class);
  reader.Read("weight", spec.weight);
  reader.Read("memory", spec.memory);
  reader.Read("memory_warm_up", spec.memory_warm_up);
  RETURN_IF_ERROR(reader.Finish());
  RETURN_IF_ERROR(CheckRange(field + ".weight", spec.weight, 0, 1e6));
  RETURN_IF_ERROR(CheckRange(field + ".memory", spec.memory, 0, 1'000'000));
  return CheckRange(field + ".memory_warm_up", spec.memory_warm_up, 0,
                    1'000'000'000);
}

absl::Status ReadKeep(const Json& json, const std::string& field,
                      KeepSpec& spec) {
  JsonReader reader(json, field);
  reader.Read("features", spec.features);
  RETURN_IF_ERROR(ReadTexts(reader, "streams", spec.streams));
  if (const Json* weights = reader.Member("similarities")) {
    JsonReader by_head(*weights, reader.PathOf("similarities"));
    for (const Space space : kAllSpaces) {
      const absl::string_view name = SpaceName(space);
      by_head.Read(name, spec.similarities[space]);
      RETURN_IF_ERROR(
          CheckRange(by_head.PathOf(name), spec.similarities[space], 0, 1e6));
    }
    RETURN_IF_ERROR(by_head.Finish());
  }
  RETURN_IF_ERROR(reader.Finish());
  return CheckRange(field + ".features", spec.features, 0, 1e6);
}

absl::Status ReadValidationSet(const Json& json, const std::string& field,
                               ValidationSetSpec& spec) {
  JsonReader reader(json, field);
  for (const char* key : {"data", "task"}) reader.Require(key);
  reader.Read("data", spec.data);
  reader.Read("task", spec.task, ParserOf(kTasks, "task"));
  reader.Read("head", spec.head, ParseSpace);
  reader.Read("weight", spec.weight);
  RETURN_IF_ERROR(reader.Finish());
  return CheckRange(field + ".weight", spec.weight, 0, 1e6);
}

absl::Status ReadCard(const Json& json, const std::string& field,
                      CardSpec& spec) {
  JsonReader reader(json, field);
  reader.Read("license", spec.license);
  RETURN_IF_ERROR(ReadTexts(reader, "limits", spec.limits));
  return reader.Finish();
}

}  // namespace likeness
