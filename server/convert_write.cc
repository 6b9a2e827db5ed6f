#include "server/convert_write.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/item.h"
#include "server/convert.h"

namespace likeness {
namespace {

absl::StatusOr<absl::Duration> TtlFromWire(
    const google::protobuf::Duration& wire) {
  const bool in_range =
      wire.nanos() > -kNanosPerSecond && wire.nanos() < kNanosPerSecond;
  const bool one_sign = wire.seconds() == 0 || wire.nanos() == 0 ||
                        (wire.seconds() > 0) == (wire.nanos() > 0);
  if (!in_range || !one_sign) {
    return InvalidField("ttl", "its nanoseconds are out of range");
  }
  return absl::Seconds(wire.seconds()) + absl::Nanoseconds(wire.nanos());
}

absl::StatusOr<Condition> OpIdCondition(uint64_t op_id) {
  if (op_id == 0) return InvalidField("if_op_id", "operation ids start at 1");
  return Condition{Condition::Kind::kOpId, op_id};
}

Condition If(bool given, Condition::Kind kind) {
  return {given ? kind : Condition::Kind::kNone, 0};
}

absl::StatusOr<Condition> ConditionOf(const v1::UpsertItemRequest& request) {
  switch (request.condition_case()) {
    case v1::UpsertItemRequest::kIfAbsent:
      return If(request.if_absent(), Condition::Kind::kAbsent);
    case v1::UpsertItemRequest::kIfChanged:
      return If(request.if_changed(), Condition::Kind::kChanged);
    case v1::UpsertItemRequest::kIfOpId:
      return OpIdCondition(request.if_op_id());
    case v1::UpsertItemRequest::CONDITION_NOT_SET:
      break;
  }
  return Condition{};
}

absl::StatusOr<Condition> ConditionOf(
    const v1::UpdateItemMetadataRequest& request) {
  switch (request.condition_case()) {
    case v1::UpdateItemMetadataRequest::kIfChanged:
      return If(request.if_changed(), Condition::Kind::kChanged);
    case v1::UpdateItemMetadataRequest::kIfOpId:
      return OpIdCondition(request.if_op_id());
    case v1::UpdateItemMetadataRequest::CONDITION_NOT_SET:
      break;
  }
  return Condition{};
}

absl::Status ExpiryFromWire(const v1::UpdateItemMetadataRequest& request,
                            Mutation& patch) {
  switch (request.expiry_case()) {
    case v1::UpdateItemMetadataRequest::kExpireTime: {
      patch.patch.set_expiry = true;
      ASSIGN_OR_RETURN(patch.item.expires,
                       TimeFromWire(request.expire_time(), "expire_time"));
      return ValidateExpireTime(*patch.item.expires);
    }
    case v1::UpdateItemMetadataRequest::kTtl: {
      patch.patch.set_expiry = true;
      ASSIGN_OR_RETURN(patch.ttl, TtlFromWire(request.ttl()));
      return absl::OkStatus();
    }
    case v1::UpdateItemMetadataRequest::kNeverExpires:
      patch.patch.set_expiry = request.never_expires();
      return absl::OkStatus();
    case v1::UpdateItemMetadataRequest::EXPIRY_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status TermsFromWire(const v1::UpsertItemRequest& request,
                           Mutation& put) {
  ASSIGN_OR_RETURN(put.condition, ConditionOf(request));
  if (request.has_ttl()) {
    ASSIGN_OR_RETURN(put.ttl, TtlFromWire(request.ttl()));
  }
  return ValidateTerms(put);
}

absl::StatusOr<Mutation> PatchFromWire(
    const v1::UpdateItemMetadataRequest& request) {
  Mutation patch;
  patch.kind = Mutation::Kind::kPatch;
  RETURN_IF_ERROR(ValidateItemId(request.id()));
  patch.item.id = request.id();
  ASSIGN_OR_RETURN(patch.patch.set, MetadataFromWire(request.set(), "set"));
  patch.patch.remove = {request.remove().begin(), request.remove().end()};
  RETURN_IF_ERROR(ExpiryFromWire(request, patch));
  RETURN_IF_ERROR(ValidatePatch(patch.patch));
  ASSIGN_OR_RETURN(patch.condition, ConditionOf(request));
  RETURN_IF_ERROR(ValidateTerms(patch));
  return patch;
}

absl::StatusOr<Mutation> DeleteFromWire(const v1::DeleteItemRequest& request) {
  Mutation mutation;
  mutation.kind = Mutation::Kind::kDelete;
  RETURN_IF_ERROR(ValidateItemId(request.id()));
  mutation.item.id = request.id();
  if (request.has_if_op_id()) {
    ASSIGN_OR_RETURN(mutation.condition, OpIdCondition(request.if_op_id()));
  }
  return mutation;
}

v1::WriteOutcome ToWire(Outcome::Change change) {
  switch (change) {
    case Outcome::Change::kCreated:
      return v1::WRITE_OUTCOME_CREATED;
    case Outcome::Change::kReplaced:
      return v1::WRITE_OUTCOME_REPLACED;
    case Outcome::Change::kDeleted:
      return v1::WRITE_OUTCOME_DELETED;
    case Outcome::Change::kUnchanged:
      return v1::WRITE_OUTCOME_UNCHANGED;
    case Outcome::Change::kAbsent:
      return v1::WRITE_OUTCOME_ABSENT;
  }
  return v1::WRITE_OUTCOME_UNSPECIFIED;
}

void ErrorToWire(const absl::Status& status, v1::ItemError& wire) {
  // absl::StatusCode has the canonical numbers.
  wire.set_code(static_cast<int32_t>(status.code()));
  wire.set_reason(ReasonOf(status));
  wire.set_message(std::string(status.message()));
  wire.set_field(FieldOf(status));
}

}  // namespace likeness
