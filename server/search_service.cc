#include "server/search_service.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/core/status_macros.h"
#include "server/item_search.h"
#include "server/recognition.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

absl::Status SearchCollection(const Call& call,
                              const v1::SearchRequest& request,
                              v1::SearchResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  return SearchItems(
      request, *collection,
      {.encoder = [&]() -> absl::StatusOr<const PictureEncoder*> {
         return &call.EncoderOf(collection->spec());
       },
       .check_wanted = [&call] { return call.CheckWanted(); }},
      response);
}

// Of the collection's model, where one is named.
absl::StatusOr<const PictureEncoder*> EncoderToCompare(
    const Call& call, const v1::CompareRequest& request) {
  if (request.collection().empty()) return &call.encoder();
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  const CollectionSpec spec = collection->spec();
  const PictureEncoder& encoder = call.EncoderOf(spec);
  RETURN_IF_ERROR(CheckTakesPictures(spec, encoder.model(), "collection"));
  return &encoder;
}

absl::Status ComparePictures(const Call& call,
                             const v1::CompareRequest& request,
                             v1::CompareResponse& response) {
  ASSIGN_OR_RETURN(const PictureEncoder* const encoder,
                   EncoderToCompare(call, request));
  absl::StatusOr<EncodedPicture> a =
      encoder->Encode(request.picture_a(), /*with_thumbnail=*/false);
  RETURN_IF_ERROR(BlamePicture(a.status(), "picture_a"));
  RETURN_IF_ERROR(call.CheckWanted());
  absl::StatusOr<EncodedPicture> b =
      encoder->Encode(request.picture_b(), /*with_thumbnail=*/false);
  RETURN_IF_ERROR(BlamePicture(b.status(), "picture_b"));
  CompareEmbeddings(a->embedding, b->embedding, encoder->model(), response);
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
