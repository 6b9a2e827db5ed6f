// The terms and outcomes of writes: messages of the public API to types of the
// store and back. Errors are INVALID_ARGUMENT and name the field by its path in
// the request.
#ifndef LIKENESS_SERVER_CONVERT_WRITE_H_
#define LIKENESS_SERVER_CONVERT_WRITE_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/store/mutation.h"
#include "likeness/v1/item_service.pb.h"

namespace likeness {

// Adds the request's condition and time to live to `put`, its mutation.
absl::Status TermsFromWire(const v1::UpsertItemRequest& request, Mutation& put);

absl::StatusOr<Mutation> PatchFromWire(
    const v1::UpdateItemMetadataRequest& request);

absl::StatusOr<Mutation> DeleteFromWire(const v1::DeleteItemRequest& request);

v1::WriteOutcome ToWire(Outcome::Change change);

// An UpsertItemResponse or an UpdateItemMetadataResponse.
template <typename Response>
void ToWire(const Outcome& outcome, Response& wire) {
  wire.set_op_id(outcome.op_id);
  wire.set_outcome(ToWire(outcome.change));
}

// `status` is not OK.
void ErrorToWire(const absl::Status& status, v1::ItemError& wire);

}  // namespace likeness

#endif  // LIKENESS_SERVER_CONVERT_WRITE_H_
