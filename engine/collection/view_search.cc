#include "engine/collection/view_search.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/item_rules.h"
#include "engine/core/distance.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr int kMaxK = 1000;

absl::Status Validate(const CollectionSpec& spec,
                      const SearchRequest& request) {
  if (request.k < 1 || request.k > kMaxK) {
    return InvalidField(
        "k", absl::StrCat("is ", request.k, ", must be 1 to ", kMaxK));
  }
  // Written so that NaN fails.
  if (!(request.min_similarity >= -1 && request.min_similarity <= 1)) {
    return InvalidField(
        "min_similarity",
        absl::StrCat("is ", request.min_similarity, ", must be -1 to 1"));
  }
  if (static_cast<size_t>(request.space) >= kNumSpaces ||
      spec.dimensions[request.space] == 0) {
    return InvalidField("space", "the collection has no such space");
  }
  return absl::OkStatus();
}

absl::Status CheckVisible(const View& view, uint64_t min_op_id) {
  if (min_op_id <= view.op_id()) return absl::OkStatus();
  return WithReason(absl::FailedPreconditionError(absl::StrCat(
                        "operation ", min_op_id,
                        " is not visible yet, the newest is ", view.op_id())),
                    kReasonNotYetVisible);
}

// The unit vector that is looked for.
absl::StatusOr<std::vector<float>> QueryVector(const View& view,
                                               const CollectionSpec& spec,
                                               const SearchRequest& request) {
  if (const auto* given = std::get_if<std::vector<float>>(&request.target)) {
    std::vector<float> vector = *given;
    RETURN_IF_ERROR(
        NormalizeVector("vector", spec.dimensions[request.space], vector));
    return vector;
  }
  const std::string& id = std::get<std::string>(request.target);
  RETURN_IF_ERROR(ValidateItemId(id, "item_id"));
  ASSIGN_OR_RETURN(ItemVectors vectors, view.store->GetVectors(id));
  std::vector<float>& vector = vectors[request.space];
  if (vector.empty()) {
    return absl::NotFoundError(absl::StrCat(
        "item \"", id, "\" has no vector in space ", SpaceName(request.space)));
  }
  return std::move(vector);
}

// A row of one of the view's segments.
struct Match {
  size_t segment = 0;
  uint32_t row = 0;
  float similarity = 0;
  float distance = 0;
};

// By falling similarity; the older row first where it is equal.
bool IsBetter(const Match& a, const Match& b) {
  if (a.similarity != b.similarity) return a.similarity > b.similarity;
  return std::tie(a.segment, a.row) < std::tie(b.segment, b.row);
}

absl::StatusOr<IndexSearchResult> SearchSegment(
    const SegmentView& view, const SpaceRows& rows,
    const SearchRequest& request, const std::vector<float>& query,
    const IndexSearchParams& params) {
  if (!request.filter.has_value()) {
    return rows.Search(query, params, *view.live);
  }
  Bitmap allowed = view.fields.Evaluate(*request.filter);
  allowed.And(*view.live);
  return rows.Search(query, params, allowed);
}

// The best rows of all segments, as their indexes score them.
absl::StatusOr<std::vector<Match>> FindMatches(const View& view,
                                               const SearchRequest& request,
                                               const std::vector<float>& query,
                                               const IndexSearchParams& params,
                                               SearchResult& result) {
  std::vector<Match> matches;
  result.exact = true;
  for (size_t i = 0; i < view.segments.size(); ++i) {
    const SegmentView& segment = view.segments[i];
    const SpaceRows* rows = segment.segment->space(request.space);
    if (rows == nullptr) continue;
    ASSIGN_OR_RETURN(const IndexSearchResult found,
                     SearchSegment(segment, *rows, request, query, params));
    for (const Neighbor& neighbor : found.neighbors) {
      matches.push_back(
          {i, static_cast<uint32_t>(neighbor.ordinal), neighbor.similarity, 0});
    }
    result.candidates_examined += found.candidates_examined;
    result.exact = result.exact && found.exact;
  }
  const size_t k = std::min(matches.size(), static_cast<size_t>(params.k));
  std::partial_sort(matches.begin(),
                    matches.begin() + static_cast<std::ptrdiff_t>(k),
                    matches.end(), IsBetter);
  matches.resize(k);
  return matches;
}

// The index adds up in single precision, which is enough to find the neighbours
// but makes a vector miss its own similarity of 1, and the distance that
// follows from it (the root of a difference) 0.0003 instead of 0. So what is
// answered is computed again, as `compare` does it, and held against
// min_similarity.
void Score(const View& view, Space space, const std::vector<float>& query,
           float min_similarity, std::vector<Match>& matches) {
  std::vector<float> vector(query.size());
  for (Match& match : matches) {
    const SpaceRows* rows = view.segments[match.segment].segment->space(space);
    rows->Reconstruct(match.row, absl::MakeSpan(vector));
    match.similarity = CosineSimilarity(query, vector);
    match.distance = EuclideanDistance(query, vector);
  }
  std::erase_if(matches, [&](const Match& match) {
    return match.similarity < min_similarity;
  });
  std::sort(matches.begin(), matches.end(), IsBetter);
}

// Two sums of d products of unit vectors differ by at most 2 d u, u = 2^-24
// (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1), so the
// index is asked for that much less than what must not be missed.
float WithoutRounding(float min_similarity, size_t dimensions) {
  const float rounding =
      static_cast<float>(dimensions) * std::numeric_limits<float>::epsilon();
  return std::max(-1.0F, min_similarity - rounding);
}

absl::StatusOr<std::vector<Hit>> MakeHits(const View& view,
                                          const SearchRequest& request,
                                          const std::vector<Match>& matches) {
  std::vector<uint64_t> op_ids;
  op_ids.reserve(matches.size());
  for (const Match& match : matches) {
    op_ids.push_back(view.segments[match.segment].segment->OpIdOf(match.row));
  }
  ASSIGN_OR_RETURN(auto items, view.store->GetByOps(op_ids, request.parts));
  const auto* target_id = std::get_if<std::string>(&request.target);
  std::vector<Hit> hits;
  for (size_t i = 0; i < matches.size(); ++i) {
    if (!items[i].has_value()) {
      return WithReason(
          absl::DataLossError(absl::StrCat("the item of operation ", op_ids[i],
                                           " is missing from the store")),
          kReasonCorruptData);
    }
    if (target_id != nullptr && items[i]->id == *target_id) continue;
    if (hits.size() == static_cast<size_t>(request.k)) break;
    Hit& hit = hits.emplace_back();
    hit.id = items[i]->id;
    hit.similarity = matches[i].similarity;
    hit.distance = matches[i].distance;
    if (request.with_items) hit.item = std::move(items[i]);
  }
  return hits;
}

}  // namespace

absl::StatusOr<SearchResult> SearchView(const View& view,
                                        const CollectionSpec& spec,
                                        const SearchRequest& request) {
  RETURN_IF_ERROR(Validate(spec, request));
  RETURN_IF_ERROR(CheckVisible(view, request.min_op_id));
  if (request.filter.has_value()) {
    RETURN_IF_ERROR(CheckTypes(*request.filter, *view.types));
  }
  ASSIGN_OR_RETURN(const std::vector<float> query,
                   QueryVector(view, spec, request));
  // One more where the target itself will be among the neighbours.
  const bool by_item = std::holds_alternative<std::string>(request.target);
  IndexSearchParams params;
  params.k = request.k + (by_item ? 1 : 0);
  params.min_similarity = WithoutRounding(request.min_similarity, query.size());
  params.exact = request.exact;
  params.recall_target = request.recall_target;
  params.ef_search = request.ef_search;
  SearchResult result;
  ASSIGN_OR_RETURN(std::vector<Match> matches,
                   FindMatches(view, request, query, params, result));
  Score(view, request.space, query, request.min_similarity, matches);
  ASSIGN_OR_RETURN(result.hits, MakeHits(view, request, matches));
  result.op_id = view.op_id();
  return result;
}

}  // namespace likeness
