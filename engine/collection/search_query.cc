#include "engine/collection/search_query.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "engine/collection/item_rules.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// A mean of unit vectors shorter than this is what rounding left of nothing.
constexpr double kLeastLength = 1e-4;

// How far from 1 a cursor's vectors may be, which come from outside.
constexpr double kUnitTolerance = 1e-3;

double LengthOf(absl::Span<const float> vector) {
  double squares = 0;
  for (const float value : vector) {
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  return std::sqrt(squares);
}

// Turns the examples of one search into unit vectors.
class ExampleReader {
 public:
  ExampleReader(const View& view, const CollectionSpec& spec, Space space)
      : view_(view), spec_(spec), space_(space) {}

  // One vector, or all those of an item behind each other.
  absl::StatusOr<std::vector<float>> Read(std::vector<float> vector,
                                          absl::string_view field) const {
    RETURN_IF_ERROR(NormalizeVector(field, spec_.dimensions[space_], vector));
    return vector;
  }

  absl::StatusOr<std::vector<float>> Read(const std::string& id,
                                          absl::string_view field) const {
    RETURN_IF_ERROR(ValidateItemId(id, field));
    absl::StatusOr<ItemVectors> vectors = view_.store->GetVectors(id);
    if (absl::IsNotFound(vectors.status())) {
      return WithField(vectors.status(), field);
    }
    RETURN_IF_ERROR(vectors.status());
    std::vector<float>& vector = (*vectors)[space_];
    if (!vector.empty()) return std::move(vector);
    return WithField(
        absl::NotFoundError(absl::StrCat(
            "item \"", id, "\" has no vector in space ", SpaceName(space_))),
        field);
  }

  absl::StatusOr<std::vector<std::vector<float>>> ReadAll(
      absl::Span<const Example> examples, absl::string_view field) const {
    std::vector<std::vector<float>> vectors(examples.size());
    for (size_t i = 0; i < examples.size(); ++i) {
      const std::string at = absl::StrCat(field, "[", i, "]");
      if (const auto* id = std::get_if<std::string>(&examples[i])) {
        ASSIGN_OR_RETURN(vectors[i], Read(*id, absl::StrCat(at, ".item_id")));
      } else {
        ASSIGN_OR_RETURN(vectors[i],
                         Read(std::get<std::vector<float>>(examples[i]),
                              absl::StrCat(at, ".vector")));
      }
    }
    return vectors;
  }

 private:
  const View& view_;
  const CollectionSpec& spec_;
  const Space space_;
};

absl::Status CheckCount(absl::string_view field, size_t count, size_t least) {
  if (count >= least && count <= kMaxExamples) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("has ", count, " examples, must be ",
                                          least, " to ", kMaxExamples));
}

absl::Status CheckExamples(const Examples& examples) {
  RETURN_IF_ERROR(
      CheckCount("examples.positives", examples.positives.size(), 1));
  RETURN_IF_ERROR(
      CheckCount("examples.negatives", examples.negatives.size(), 0));
  if (examples.rule == ExampleRule::kBest && !examples.negatives.empty()) {
    return InvalidField("examples.negatives",
                        "have no say where the best positive decides");
  }
  // Written so that NaN fails.
  if (!(examples.negative_weight >= 0 && examples.negative_weight <= 1)) {
    return InvalidField("examples.negative_weight", "is not in 0 to 1");
  }
  return absl::OkStatus();
}

// Adds the mean of `examples`, each of them one vector or several, whose mean
// it then is.
void AddMean(const std::vector<std::vector<float>>& examples, double weight,
             std::vector<double>& sum) {
  for (const std::vector<float>& values : examples) {
    const size_t vectors = values.size() / sum.size();
    const double share =
        weight / static_cast<double>(examples.size() * vectors);
    for (size_t i = 0; i < values.size(); ++i) {
      sum[i % sum.size()] += share * static_cast<double>(values[i]);
    }
  }
}

absl::StatusOr<std::vector<float>> Combine(
    const std::vector<std::vector<float>>& positives,
    const std::vector<std::vector<float>>& negatives, float negative_weight,
    int dimensions) {
  std::vector<double> sum(static_cast<size_t>(dimensions));
  AddMean(positives, 1, sum);
  if (!negatives.empty()) {
    AddMean(negatives, -static_cast<double>(negative_weight), sum);
  }
  double squares = 0;
  for (const double value : sum) squares += value * value;
  if (squares < kLeastLength * kLeastLength) {
    return InvalidField("examples",
                        "cancel each other out: nothing is left "
                        "to look for");
  }
  std::vector<float> query(sum.size());
  for (size_t i = 0; i < sum.size(); ++i) {
    query[i] = static_cast<float>(sum[i] / std::sqrt(squares));
  }
  return query;
}

// Takes the vectors that `values` are apart.
void AddQueries(const std::vector<float>& values, int dimensions,
                QueryVectors& queries) {
  for (auto at = values.begin(); at != values.end(); at += dimensions) {
    queries.emplace_back(at, at + dimensions);
  }
}

absl::StatusOr<QueryVectors> ReadExamples(const ExampleReader& reader,
                                          const Examples& examples,
                                          int dimensions) {
  RETURN_IF_ERROR(CheckExamples(examples));
  ASSIGN_OR_RETURN(auto positives,
                   reader.ReadAll(examples.positives, "examples.positives"));
  if (examples.rule == ExampleRule::kBest) {
    QueryVectors queries;
    for (const std::vector<float>& values : positives) {
      AddQueries(values, dimensions, queries);
    }
    if (queries.size() <= kMaxQueryVectors) return queries;
    return InvalidField(
        "examples.positives",
        absl::StrCat("have ", queries.size(), " vectors, the limit is ",
                     kMaxQueryVectors));
  }
  ASSIGN_OR_RETURN(const auto negatives,
                   reader.ReadAll(examples.negatives, "examples.negatives"));
  QueryVectors queries(1);
  ASSIGN_OR_RETURN(
      queries.front(),
      Combine(positives, negatives, examples.negative_weight, dimensions));
  return queries;
}

absl::StatusOr<QueryVectors> ReadCursor(const SearchCursor& cursor,
                                        int dimensions) {
  if (cursor.queries.empty() || cursor.queries.size() > kMaxQueryVectors) {
    return InvalidField("page_token", "has no queries, or too many");
  }
  for (const std::vector<float>& query : cursor.queries) {
    // Written so that NaN fails.
    if (query.size() != static_cast<size_t>(dimensions) ||
        !(std::abs(LengthOf(query) - 1) <= kUnitTolerance)) {
      return InvalidField("page_token", "has a query of another space");
    }
  }
  return QueryVectors(cursor.queries.begin(), cursor.queries.end());
}

void AddIds(absl::Span<const Example> examples, std::vector<std::string>& ids) {
  for (const Example& example : examples) {
    const auto* id = std::get_if<std::string>(&example);
    if (id != nullptr) ids.push_back(*id);
  }
}

}  // namespace

absl::StatusOr<QueryVectors> MakeQueryVectors(const View& view,
                                              const CollectionSpec& spec,
                                              const SearchRequest& request) {
  if (request.after.has_value()) {
    return ReadCursor(*request.after, spec.dimensions[request.space]);
  }
  const int dimensions = spec.dimensions[request.space];
  const ExampleReader reader(view, spec, request.space);
  if (const auto* several = std::get_if<Examples>(&request.target)) {
    return ReadExamples(reader, *several, dimensions);
  }
  std::vector<float> values;
  if (const auto* vector = std::get_if<std::vector<float>>(&request.target)) {
    ASSIGN_OR_RETURN(values, reader.Read(*vector, "vector"));
  } else {
    ASSIGN_OR_RETURN(
        values, reader.Read(std::get<std::string>(request.target), "item_id"));
  }
  QueryVectors queries;
  AddQueries(values, dimensions, queries);
  return queries;
}

IndexSearchParams ParamsOf(const SearchRequest& request, int k,
                           float rounding) {
  IndexSearchParams params;
  params.k = k;
  params.min_similarity = request.min_similarity;
  if (rounding > 0) {
    params.min_similarity = std::max(-1.0F, params.min_similarity - rounding);
  }
  params.exact = request.exact;
  params.recall_target = request.recall_target.value_or(kDefaultRecallTarget);
  params.ef_search = request.ef_search;
  params.nprobe = request.nprobe;
  return params;
}

std::vector<std::string> ItemsOf(const SearchTarget& target) {
  std::vector<std::string> ids;
  if (const auto* id = std::get_if<std::string>(&target)) {
    ids.push_back(*id);
  } else if (const auto* several = std::get_if<Examples>(&target)) {
    AddIds(several->positives, ids);
    AddIds(several->negatives, ids);
  }
  return ids;
}

}  // namespace likeness
