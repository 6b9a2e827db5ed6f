#include "server/search_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"
#include "server/reasons.h"
#include "server/recognition.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

// INVALID_ARGUMENT when the collection has no such space.
absl::Status CheckHasSpace(const CollectionSpec& spec, Space space) {
  if (spec.dimensions[space] > 0) return absl::OkStatus();
  return InvalidField(
      "space", absl::StrCat("collection '", spec.name, "' has no space '",
                            SpaceName(space), "'"));
}

absl::StatusOr<std::vector<float>> EmbedQuery(const Call& call,
                                              const std::string& picture,
                                              const CollectionSpec& spec,
                                              Space space) {
  RETURN_IF_ERROR(CheckTakesPictures(spec, call.model(), "picture"));
  absl::StatusOr<EncodedPicture> encoded =
      call.encoder().Encode(picture, /*with_thumbnail=*/false);
  RETURN_IF_ERROR(BlamePicture(encoded.status(), "picture"));
  return std::move(encoded->embedding.vectors[space]);
}

absl::StatusOr<SearchTarget> TargetOf(const Call& call,
                                      const v1::SearchRequest& request,
                                      const CollectionSpec& spec, Space space) {
  switch (request.query_case()) {
    case v1::SearchRequest::kPicture: {
      RETURN_IF_ERROR(CheckHasSpace(spec, space));
      ASSIGN_OR_RETURN(std::vector<float> vector,
                       EmbedQuery(call, request.picture(), spec, space));
      return vector;
    }
    case v1::SearchRequest::kItemId:
      RETURN_IF_ERROR(CheckHasSpace(spec, space));
      RETURN_IF_ERROR(ValidateItemId(request.item_id(), "item_id"));
      return request.item_id();
    case v1::SearchRequest::kVector: {
      ASSIGN_OR_RETURN(std::vector<float> vector,
                       VectorFromWire(request.vector(), space, spec, "vector"));
      return vector;
    }
    case v1::SearchRequest::QUERY_NOT_SET:
      break;
  }
  return InvalidField("picture",
                      "neither a picture, an item_id nor a vector is given");
}

absl::Status SearchCollection(const Call& call,
                              const v1::SearchRequest& request,
                              v1::SearchResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  ASSIGN_OR_RETURN(SearchRequest search, SearchFromWire(request));
  const CollectionSpec& spec = collection->spec();
  ASSIGN_OR_RETURN(search.target, TargetOf(call, request, spec, search.space));
  RETURN_IF_ERROR(call.CheckWanted());
  absl::StatusOr<SearchResult> result = collection->Search(search);
  RETURN_IF_ERROR(
      BlameMissing(result.status(), kReasonItemNotFound, "item_id"));
  ToWire(*std::move(result), response);
  response.set_space(SpaceToWire(search.space));
  if (!request.has_vector()) response.set_model_id(spec.model_id);
  return absl::OkStatus();
}

absl::Status ComparePictures(const Call& call,
                             const v1::CompareRequest& request,
                             v1::CompareResponse& response) {
  absl::StatusOr<EncodedPicture> a =
      call.encoder().Encode(request.picture_a(), /*with_thumbnail=*/false);
  RETURN_IF_ERROR(BlamePicture(a.status(), "picture_a"));
  RETURN_IF_ERROR(call.CheckWanted());
  absl::StatusOr<EncodedPicture> b =
      call.encoder().Encode(request.picture_b(), /*with_thumbnail=*/false);
  RETURN_IF_ERROR(BlamePicture(b.status(), "picture_b"));
  CompareEmbeddings(a->embedding, b->embedding, call.model(), response);
  response.set_identical_bytes(request.picture_a() == request.picture_b());
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* SearchServiceImpl::Search(
    grpc::CallbackServerContext* context, const v1::SearchRequest* request,
    v1::SearchResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return SearchCollection(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* SearchServiceImpl::Compare(
    grpc::CallbackServerContext* context, const v1::CompareRequest* request,
    v1::CompareResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return ComparePictures(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* SearchServiceImpl::Classify(
    grpc::CallbackServerContext* context, const v1::ClassifyRequest* request,
    v1::ClassifyResponse* response) {
  return runner_.Run(
      context, [request, response](const Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(*response,
                         ClassifyPictures(*request, call.encoder(),
                                          [&] { return call.CheckWanted(); }));
        return absl::OkStatus();
      });
}

}  // namespace likeness
