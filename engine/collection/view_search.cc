#include "engine/collection/view_search.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/item_rules.h"
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

Hit MakeHit(Item item, float similarity, bool with_item) {
  Hit hit;
  hit.id = item.id;
  // Rounding takes the product of unit vectors a little out of its range.
  hit.similarity = std::clamp(similarity, -1.0F, 1.0F);
  hit.distance = std::sqrt(2.0F - 2.0F * hit.similarity);
  if (with_item) hit.item = std::move(item);
  return hit;
}

absl::StatusOr<std::vector<Hit>> MakeHits(
    const View& view, const SearchRequest& request,
    const std::vector<Neighbor>& neighbors) {
  const SpaceRows& rows = *view.spaces[request.space].rows;
  std::vector<uint64_t> op_ids;
  op_ids.reserve(neighbors.size());
  for (const Neighbor& neighbor : neighbors) {
    op_ids.push_back(rows.OpIdOf(neighbor.ordinal));
  }
  ASSIGN_OR_RETURN(auto items, view.store->GetByOps(op_ids, request.parts));
  const auto* target_id = std::get_if<std::string>(&request.target);
  std::vector<Hit> hits;
  for (size_t i = 0; i < neighbors.size(); ++i) {
    if (!items[i].has_value()) {
      return WithReason(
          absl::DataLossError(absl::StrCat("the item of operation ", op_ids[i],
                                           " is missing from the store")),
          kReasonCorruptData);
    }
    if (target_id != nullptr && items[i]->id == *target_id) continue;
    if (hits.size() == static_cast<size_t>(request.k)) break;
    hits.push_back(MakeHit(*std::move(items[i]), neighbors[i].similarity,
                           request.with_items));
  }
  return hits;
}

}  // namespace

absl::StatusOr<SearchResult> SearchView(const View& view,
                                        const CollectionSpec& spec,
                                        const SearchRequest& request) {
  RETURN_IF_ERROR(Validate(spec, request));
  RETURN_IF_ERROR(CheckVisible(view, request.min_op_id));
  ASSIGN_OR_RETURN(const std::vector<float> query,
                   QueryVector(view, spec, request));
  // One more where the target itself will be among the neighbours.
  const bool by_item = std::holds_alternative<std::string>(request.target);
  const IndexSearchParams params{request.k + (by_item ? 1 : 0),
                                 request.min_similarity};
  const SpaceView& space = view.spaces[request.space];
  ASSIGN_OR_RETURN(const auto found,
                   space.rows->index().Search(query, params, *space.live));
  SearchResult result;
  ASSIGN_OR_RETURN(result.hits,
                   MakeHits(view, request, found.front().neighbors));
  result.exact = found.front().exact;
  result.candidates_examined = found.front().candidates_examined;
  result.op_id = view.op_id();
  return result;
}

}  // namespace likeness
