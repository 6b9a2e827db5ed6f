#include "server/item_writes.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/sha256.h"
#include "engine/core/status_macros.h"
#include "indexer/picture_put.h"
#include "server/convert.h"
#include "server/convert_write.h"
#include "server/reasons.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

// The store names the item at fault; callers of the API know it by a field.
absl::Status BlameWrite(const absl::Status& status,
                        absl::string_view id_field) {
  const std::string reason = ReasonOf(status);
  if (reason == kReasonItemExists) return WithField(status, id_field);
  if (reason == kReasonVersionMismatch) return WithField(status, "if_op_id");
  return BlameMissing(status, kReasonItemNotFound, id_field);
}

// Whether `status` is about one item of a batch: what would not have been said
// of another one.
bool IsOfOneItem(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
         absl::IsAlreadyExists(status) || reason == kReasonVersionMismatch ||
         reason == kReasonModelMismatch;
}

// Applies for as long as the caller waits.
std::vector<WriteResult> Apply(const Call& call, Collection& collection,
                               std::vector<AtomicWrite> writes) {
  return collection.Apply(std::move(writes),
                          [&call] { return call.CheckWanted(); });
}

absl::StatusOr<Outcome> ApplyOne(const Call& call, Collection& collection,
                                 Mutation mutation,
                                 const std::string& request_id,
                                 absl::string_view id_field) {
  std::vector<AtomicWrite> writes(1);
  writes.front().mutations.push_back(std::move(mutation));
  writes.front().request_id = request_id;
  const WriteResult result = Apply(call, collection, std::move(writes)).front();
  RETURN_IF_ERROR(BlameWrite(result.status(), id_field));
  return result->front();
}

absl::Status EncodeInto(const PictureEncoder& encoder,
                        const CollectionSpec& spec, const std::string& picture,
                        Mutation& put) {
  absl::StatusOr<EncodedPicture> encoded =
      encoder.Encode(picture, spec.keep_thumbnails);
  RETURN_IF_ERROR(BlamePicture(encoded.status(), "picture"));
  std::optional<absl::Time> expires = put.item.expires;
  Mutation whole = MakePut(std::move(put.item.id), *std::move(encoded),
                           std::move(put.item.metadata),
                           std::move(put.item.source), encoder.model().id);
  put.item = std::move(whole.item);
  put.item.expires = expires;
  put.vectors = std::move(whole.vectors);
  return absl::OkStatus();
}

// The put that `request` asks for, without what takes the network.
absl::StatusOr<Mutation> PutFromWire(const ModelInfo& model,
                                     const v1::UpsertItemRequest& request,
                                     const CollectionSpec& spec) {
  if (!request.has_item()) return InvalidField("item", "is not given");
  Mutation put;
  ASSIGN_OR_RETURN(put.item, ItemFromWire(request.item(), "item"));
  RETURN_IF_ERROR(TermsFromWire(request, put));
  switch (request.content_case()) {
    case v1::UpsertItemRequest::kPicture:
      RETURN_IF_ERROR(CheckTakesPictures(spec, model, "picture"));
      return put;
    case v1::UpsertItemRequest::kVectors: {
      RETURN_IF_ERROR(CheckTakesVectors(spec, "vectors"));
      ASSIGN_OR_RETURN(put.vectors,
                       VectorsFromWire(request.vectors(), spec, "vectors"));
      return put;
    }
    case v1::UpsertItemRequest::CONTENT_NOT_SET:
      break;
  }
  return InvalidField("picture", "neither a picture nor vectors are given");
}

// Whether `put` of `picture` would make no difference, told before the costly
// work. A remembered request is not for here to answer.
bool MakesNoDifference(const Collection& collection,
                       const v1::UpsertItemRequest& request,
                       const ModelInfo& model, const Mutation& put,
                       Outcome& outcome) {
  if (put.condition.kind != Condition::Kind::kChanged || put.ttl.has_value() ||
      !request.request_id().empty()) {
    return false;
  }
  absl::StatusOr<Item> item = collection.Get(put.item.id, ReadParts{});
  if (!item.ok() || !item->picture.has_value()) return false;
  Mutation before;
  before.item = *std::move(item);
  Mutation after = put;
  after.item.model_id = model.id;
  after.item.picture.emplace().content_hash = Sha256(request.picture());
  outcome = {Outcome::Change::kUnchanged, before.item.op_id};
  return SameContent(before, after);
}

// A put that is ready to be applied, or, when there is nothing to do, its
// outcome.
struct Prepared {
  Mutation put;
  std::optional<Outcome> outcome;
};

absl::StatusOr<Prepared> Prepare(const Call& call,
                                 const v1::UpsertItemRequest& request,
                                 const Collection& collection) {
  Prepared prepared;
  const CollectionSpec spec = collection.spec();
  const PictureEncoder& encoder = call.EncoderOf(spec);
  ASSIGN_OR_RETURN(prepared.put, PutFromWire(encoder.model(), request, spec));
  if (!request.has_picture()) return prepared;
  Outcome outcome;
  if (MakesNoDifference(collection, request, encoder.model(), prepared.put,
                        outcome)) {
    prepared.outcome = outcome;
    return prepared;
  }
  RETURN_IF_ERROR(call.CheckWanted());
  RETURN_IF_ERROR(EncodeInto(encoder, spec, request.picture(), prepared.put));
  return prepared;
}

// One item of a batch: its preparation, then its place among the writes.
absl::Status AddToBatch(const Call& call, const v1::UpsertItemRequest& request,
                        const v1::UpsertItemsRequest& batch,
                        const Collection& collection,
                        std::vector<AtomicWrite>& writes,
                        std::vector<v1::WriteResult*>& waiting,
                        v1::WriteResult& result) {
  if (!request.collection().empty() &&
      request.collection() != batch.collection()) {
    return InvalidField("collection", "is another one than the batch's");
  }
  ASSIGN_OR_RETURN(Prepared prepared, Prepare(call, request, collection));
  if (prepared.outcome.has_value()) {
    ToWire(*prepared.outcome, *result.mutable_done());
    return absl::OkStatus();
  }
  AtomicWrite& write = writes.emplace_back();
  write.mutations.push_back(std::move(prepared.put));
  write.request_id = request.request_id();
  waiting.push_back(&result);
  return absl::OkStatus();
}

absl::Status CheckBatchSize(absl::string_view field, int size) {
  if (size >= 1 && size <= kMaxItemsAtOnce) return absl::OkStatus();
  return InvalidField(
      field,
      absl::StrCat("has ", size, " entries, must have 1 to ", kMaxItemsAtOnce));
}

}  // namespace

absl::Status UpsertItem(const Call& call, const v1::UpsertItemRequest& request,
                        v1::UpsertItemResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  ASSIGN_OR_RETURN(Prepared prepared, Prepare(call, request, *collection));
  if (!prepared.outcome.has_value()) {
    RETURN_IF_ERROR(call.CheckWanted());
    ASSIGN_OR_RETURN(prepared.outcome,
                     ApplyOne(call, *collection, std::move(prepared.put),
                              request.request_id(), "item.id"));
  }
  ToWire(*prepared.outcome, response);
  return absl::OkStatus();
}

absl::Status UpsertItems(const Call& call,
                         const v1::UpsertItemsRequest& request,
                         v1::UpsertItemsResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  RETURN_IF_ERROR(CheckBatchSize("requests", request.requests_size()));
  std::vector<AtomicWrite> writes;
  std::vector<v1::WriteResult*> waiting;  // Of each write; stay where they are.
  for (const v1::UpsertItemRequest& one : request.requests()) {
    v1::WriteResult& result = *response.add_results();
    const absl::Status status =
        AddToBatch(call, one, request, *collection, writes, waiting, result);
    if (status.ok()) continue;
    if (!IsOfOneItem(status)) return status;
    ErrorToWire(status, *result.mutable_error());
  }
  RETURN_IF_ERROR(call.CheckWanted());
  const std::vector<WriteResult> applied =
      Apply(call, *collection, std::move(writes));
  for (size_t i = 0; i < applied.size(); ++i) {
    const absl::Status status = BlameWrite(applied[i].status(), "item.id");
    if (status.ok()) {
      ToWire(applied[i]->front(), *waiting[i]->mutable_done());
      continue;
    }
    if (!IsOfOneItem(status)) return status;
    ErrorToWire(status, *waiting[i]->mutable_error());
  }
  return absl::OkStatus();
}

absl::Status UpdateItemMetadata(const Call& call,
                                const v1::UpdateItemMetadataRequest& request,
                                v1::UpdateItemMetadataResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  ASSIGN_OR_RETURN(Mutation patch, PatchFromWire(request));
  ASSIGN_OR_RETURN(const Outcome outcome,
                   ApplyOne(call, *collection, std::move(patch),
                            request.request_id(), "id"));
  ToWire(outcome, response);
  return absl::OkStatus();
}

absl::Status DeleteItem(const Call& call, const v1::DeleteItemRequest& request,
                        v1::DeleteItemResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  ASSIGN_OR_RETURN(Mutation mutation, DeleteFromWire(request));
  ASSIGN_OR_RETURN(const Outcome outcome,
                   ApplyOne(call, *collection, std::move(mutation),
                            request.request_id(), "id"));
  if (outcome.change == Outcome::Change::kAbsent && !request.allow_missing()) {
    return BlameMissing(
        absl::NotFoundError(absl::StrCat("collection '", request.collection(),
                                         "' has no item '", request.id(), "'")),
        kReasonItemNotFound, "id");
  }
  response.set_op_id(outcome.op_id);
  return absl::OkStatus();
}

absl::Status DeleteItems(const Call& call,
                         const v1::DeleteItemsRequest& request,
                         v1::DeleteItemsResponse& response) {
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  RETURN_IF_ERROR(CheckBatchSize("ids", request.ids_size()));
  std::vector<AtomicWrite> writes(1);
  writes.front().request_id = request.request_id();
  for (int i = 0; i < request.ids_size(); ++i) {
    RETURN_IF_ERROR(
        ValidateItemId(request.ids(i), absl::StrCat("ids[", i, "]")));
    Mutation& mutation = writes.front().mutations.emplace_back();
    mutation.kind = Mutation::Kind::kDelete;
    mutation.item.id = request.ids(i);
  }
  const WriteResult result =
      Apply(call, *collection, std::move(writes)).front();
  RETURN_IF_ERROR(result.status());
  for (const Outcome& outcome : *result) response.add_op_ids(outcome.op_id);
  return absl::OkStatus();
}

}  // namespace likeness
