#include "server/item_search.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"
#include "server/hit_page.h"
#include "server/reasons.h"
#include "server/request_checks.h"
#include "server/search_target.h"

namespace likeness {
namespace {

// The similarity that min_precision takes.
absl::StatusOr<float> LeastSimilarity(const v1::SearchRequest& request,
                                      const CollectionSpec& spec, Space space,
                                      const SearchMeans& means) {
  if (request.has_min_similarity()) {
    return InvalidField("min_precision",
                        "makes no sense beside min_similarity");
  }
  if (request.has_examples()) {
    return InvalidField("min_precision",
                        "is known of pairs, not of several examples at once");
  }
  ASSIGN_OR_RETURN(const PictureEncoder* const encoder, means.encoder());
  const ModelInfo& model = encoder->model();
  if (spec.model_id != model.id) {
    return WithField(
        WithReason(absl::FailedPreconditionError(
                       "min_precision: the collection's vectors are not of "
                       "the model that runs, so nothing is known of them"),
                   kReasonNotCalibrated),
        "min_precision");
  }
  return SimilarityForPrecision(model.calibration[space],
                                request.min_precision(), "min_precision");
}

}  // namespace

absl::Status SearchItems(const v1::SearchRequest& request,
                         const Collection& collection, const SearchMeans& means,
                         v1::SearchResponse& response) {
  const CollectionSpec& spec = collection.spec();
  ASSIGN_OR_RETURN(SearchRequest search, SearchFromWire(request));
  if (request.has_min_precision()) {
    ASSIGN_OR_RETURN(search.min_similarity,
                     LeastSimilarity(request, spec, search.space, means));
    response.set_min_similarity(search.min_similarity);
  }
  if (request.page_token().empty()) {
    ASSIGN_OR_RETURN(search.target,
                     TargetFromWire(request, spec, search.space, means));
  } else {
    ASSIGN_OR_RETURN(search.after, ParseHitPageToken(spec, request));
    search.target = NamedItems(request);
  }
  RETURN_IF_ERROR(means.check_wanted());
  absl::StatusOr<SearchResult> result = collection.Search(search);
  RETURN_IF_ERROR(BlameMissing(result.status(), kReasonItemNotFound,
                               FieldOf(result.status())));
  if (result->next.has_value()) {
    response.set_next_page_token(
        MakeHitPageToken(spec, request, *result->next));
  }
  if (!search.group_by.empty()) {
    response.set_groups_complete(result->groups_complete);
  }
  ToWire(*std::move(result), response);
  response.set_space(SpaceToWire(search.space));
  if (!HasOnlyVectors(request)) response.set_model_id(spec.model_id);
  return absl::OkStatus();
}

}  // namespace likeness
