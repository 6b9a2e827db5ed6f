#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/space.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"

namespace likeness {
namespace {

constexpr int kDefaultK = 10;
constexpr int kMaxK = 1000;

// A query vector may say its space; then both must agree.
absl::StatusOr<Space> SpaceOf(const v1::SearchRequest& request) {
  ASSIGN_OR_RETURN(const Space asked,
                   FromWire(request.space(), Space::kSimilar, "space"));
  if (!request.has_vector()) return asked;
  const bool any_space = request.space() == v1::SPACE_UNSPECIFIED;
  ASSIGN_OR_RETURN(const Space given,
                   FromWire(request.vector().space(), asked, "vector.space"));
  if (!any_space && given != asked) {
    return InvalidField(
        "vector.space",
        absl::StrCat("is '", SpaceName(given), "', but the search is in '",
                     SpaceName(asked), "'"));
  }
  return given;
}

}  // namespace

absl::StatusOr<SearchRequest> SearchFromWire(const v1::SearchRequest& request) {
  SearchRequest search;
  ASSIGN_OR_RETURN(search.space, SpaceOf(request));
  if (request.k() < 0 || request.k() > kMaxK) {
    return InvalidField("k",
                        absl::StrCat(request.k(), " is not in 1 to ", kMaxK,
                                     " (or 0, for ", kDefaultK, ")"));
  }
  search.k = request.k() == 0 ? kDefaultK : request.k();
  if (request.has_min_similarity()) {
    search.min_similarity = request.min_similarity();
    // Written so that NaN fails, too.
    if (!(search.min_similarity >= -1.0F && search.min_similarity <= 1.0F)) {
      return InvalidField("min_similarity", "is not in -1 to 1");
    }
  }
  if (!request.filter().empty()) {
    ASSIGN_OR_RETURN(search.filter, Filter::Parse(request.filter()));
  }
  search.exact = request.exact();
  if (request.has_recall_target()) {
    search.recall_target = request.recall_target();
  }
  search.ef_search = request.ef_search();
  search.nprobe = request.nprobe();
  search.exclude_ids.assign(request.exclude_item_ids().begin(),
                            request.exclude_item_ids().end());
  search.group_by = request.group_by();
  search.group_size = request.group_size() == 0 ? 1 : request.group_size();
  search.paged = request.paged() || !request.page_token().empty();
  search.min_op_id = request.min_op_id();
  search.parts.thumbnail = request.with_thumbnails();
  return search;
}

void ToWire(SearchResult result, v1::SearchResponse& wire) {
  for (Hit& hit : result.hits) {
    v1::Hit& wire_hit = *wire.add_hits();
    if (hit.item) {
      ToWire(*hit.item, *wire_hit.mutable_item());
    } else {
      wire_hit.mutable_item()->set_id(hit.id);
    }
    wire_hit.set_similarity(hit.similarity);
    wire_hit.set_distance(hit.distance);
    wire_hit.set_vector_index(static_cast<int32_t>(hit.vector));
    wire_hit.set_vector_count(static_cast<int32_t>(hit.vectors));
  }
  wire.set_exact(result.exact);
  wire.set_candidates_examined(
      static_cast<int64_t>(result.candidates_examined));
  wire.set_op_id(result.op_id);
}

}  // namespace likeness
