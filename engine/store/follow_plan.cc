// Operations of a collection's other generation, repeated under their numbers.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/store/keys.h"
#include "engine/store/write_plan.h"

namespace likeness {

absl::Status WritePlan::PrepareFollow(std::vector<Operation> operations) {
  std::vector<std::string> ids;
  ids.reserve(operations.size());
  for (const Operation& operation : operations) {
    ids.push_back(operation.item.id);
  }
  ASSIGN_OR_RETURN(items_, ReadVersions(handle_, collection_.number, ids));
  for (Operation& operation : operations) {
    RETURN_IF_ERROR(FollowOne(std::move(operation)));
  }
  RETURN_IF_ERROR(WriteItems());
  return WriteState();
}

absl::Status WritePlan::FollowOne(Operation operation) {
  const uint64_t next = state_.last_op_id + 1;
  const bool is_put = operation.kind == Operation::Kind::kPut;
  if (operation.op_id != next ||
      (is_put && operation.item.op_id != operation.op_id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("operation ", operation.op_id,
                     " can't be repeated, the next one is ", next));
  }
  auto& [id, item] = *items_.find(operation.item.id);
  LogEntry entry{operation.kind, id, operation.time, 0};
  if (!is_put && !item.current.has_value()) {
    entry.kind = Operation::Kind::kSuperseded;
  }
  if (entry.kind == Operation::Kind::kSuperseded) {
    ++state_.last_op_id;
  } else {
    Mutation mutation;
    mutation.kind = is_put ? Mutation::Kind::kPut : Mutation::Kind::kDelete;
    mutation.item = std::move(operation.item);
    mutation.vectors = std::move(operation.vectors);
    RETURN_IF_ERROR(CheckVectors(collection_.spec, mutation));
    entry.replaced_op_id =
        Advance(std::move(mutation), item).replaced_op_id.value_or(0);
  }
  return batch_.Put(Family::kLog, OpKey(collection_.number, next),
                    EncodeLogEntry(entry));
}

}  // namespace likeness
