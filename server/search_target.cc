#include "server/search_target.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

using WireExamples = google::protobuf::RepeatedPtrField<v1::Example>;

absl::Status CheckHasSpace(const CollectionSpec& spec, Space space) {
  if (spec.dimensions[space] > 0) return absl::OkStatus();
  return InvalidField(
      "space", absl::StrCat("collection '", spec.name, "' has no space '",
                            SpaceName(space), "'"));
}

absl::StatusOr<ExampleRule> RuleFromWire(v1::ExampleRule rule) {
  switch (rule) {
    case v1::EXAMPLE_RULE_UNSPECIFIED:
    case v1::EXAMPLE_RULE_MEAN:
      return ExampleRule::kMean;
    case v1::EXAMPLE_RULE_BEST:
      return ExampleRule::kBest;
    default:
      return InvalidField("examples.rule", absl::StrCat(rule, " is no rule"));
  }
}

// Reads what one search looks for.
class TargetReader {
 public:
  TargetReader(const CollectionSpec& spec, Space space,
               const SearchMeans& means)
      : spec_(spec), space_(space), means_(means) {}

  absl::StatusOr<std::vector<float>> ReadPicture(
      const std::string& picture, absl::string_view field) const {
    ASSIGN_OR_RETURN(const PictureEncoder* const encoder, means_.encoder());
    RETURN_IF_ERROR(CheckTakesPictures(spec_, encoder->model(), field));
    RETURN_IF_ERROR(means_.check_wanted());
    absl::StatusOr<EncodedPicture> encoded =
        encoder->Encode(picture, /*with_thumbnail=*/false);
    RETURN_IF_ERROR(BlamePicture(encoded.status(), field));
    return std::move(encoded->embedding.vectors[space_]);
  }

  absl::StatusOr<std::string> ReadId(const std::string& id,
                                     absl::string_view field) const {
    RETURN_IF_ERROR(ValidateItemId(id, field));
    return id;
  }

  // Of `space`, where the vector says one.
  absl::StatusOr<std::vector<float>> ReadVector(const v1::Vector& vector,
                                                absl::string_view field) const {
    const std::string space_field = absl::StrCat(field, ".space");
    ASSIGN_OR_RETURN(const Space given,
                     FromWire(vector.space(), space_, space_field));
    if (given != space_) {
      return InvalidField(space_field, absl::StrCat("is '", SpaceName(given),
                                                    "', but the search is in '",
                                                    SpaceName(space_), "'"));
    }
    return VectorFromWire(vector, space_, spec_, field);
  }

  absl::StatusOr<Examples> ReadExamples(const v1::Examples& wire) const {
    Examples examples;
    ASSIGN_OR_RETURN(examples.rule, RuleFromWire(wire.rule()));
    if (wire.has_negative_weight()) {
      examples.negative_weight = wire.negative_weight();
    }
    ASSIGN_OR_RETURN(examples.positives,
                     ReadAll(wire.positives(), "examples.positives"));
    ASSIGN_OR_RETURN(examples.negatives,
                     ReadAll(wire.negatives(), "examples.negatives"));
    return examples;
  }

 private:
  absl::StatusOr<std::vector<Example>> ReadAll(const WireExamples& wire,
                                               absl::string_view field) const {
    // Before the network runs for all of them.
    if (static_cast<size_t>(wire.size()) > kMaxExamples) {
      return InvalidField(
          field, absl::StrCat("has ", wire.size(), " examples, the limit is ",
                              kMaxExamples));
    }
    std::vector<Example> examples;
    for (int i = 0; i < wire.size(); ++i) {
      ASSIGN_OR_RETURN(examples.emplace_back(),
                       Read(wire[i], absl::StrCat(field, "[", i, "]")));
    }
    return examples;
  }

  absl::StatusOr<Example> Read(const v1::Example& wire,
                               const std::string& field) const {
    switch (wire.kind_case()) {
      case v1::Example::kPicture:
        return ReadPicture(wire.picture(), field + ".picture");
      case v1::Example::kItemId:
        return ReadId(wire.item_id(), field + ".item_id");
      case v1::Example::kVector:
        return ReadVector(wire.vector(), field + ".vector");
      case v1::Example::KIND_NOT_SET:
        break;
    }
    return InvalidField(field,
                        "neither a picture, an item_id nor a vector is given");
  }

  const CollectionSpec& spec_;
  const Space space_;
  const SearchMeans& means_;
};

void AddNamed(const WireExamples& wire, std::vector<Example>& examples) {
  for (const v1::Example& example : wire) {
    if (example.has_item_id()) examples.emplace_back(example.item_id());
  }
}

bool HasOnlyVectors(const WireExamples& wire) {
  return std::all_of(wire.begin(), wire.end(), [](const v1::Example& example) {
    return example.has_vector();
  });
}

}  // namespace

absl::StatusOr<SearchTarget> TargetFromWire(const v1::SearchRequest& request,
                                            const CollectionSpec& spec,
                                            Space space,
                                            const SearchMeans& means) {
  const TargetReader reader(spec, space, means);
  if (!request.has_vector()) RETURN_IF_ERROR(CheckHasSpace(spec, space));
  switch (request.query_case()) {
    case v1::SearchRequest::kPicture:
      return reader.ReadPicture(request.picture(), "picture");
    case v1::SearchRequest::kItemId:
      return reader.ReadId(request.item_id(), "item_id");
    case v1::SearchRequest::kVector:
      return reader.ReadVector(request.vector(), "vector");
    case v1::SearchRequest::kExamples:
      return reader.ReadExamples(request.examples());
    case v1::SearchRequest::QUERY_NOT_SET:
      break;
  }
  return InvalidField(
      "picture", "neither a picture, an item_id, a vector nor examples given");
}

SearchTarget NamedItems(const v1::SearchRequest& request) {
  if (request.has_item_id()) return request.item_id();
  Examples named;
  AddNamed(request.examples().positives(), named.positives);
  AddNamed(request.examples().negatives(), named.negatives);
  return named;
}

bool HasOnlyVectors(const v1::SearchRequest& request) {
  return request.has_vector() ||
         (request.has_examples() &&
          HasOnlyVectors(request.examples().positives()) &&
          HasOnlyVectors(request.examples().negatives()));
}

}  // namespace likeness
