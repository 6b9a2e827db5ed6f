#include "engine/collection/collection.h"

#include <utility>

#include "engine/core/status_macros.h"

namespace likeness {
namespace {

absl::StatusOr<std::vector<uint64_t>> OpIdsOf(const WriteResult& result) {
  RETURN_IF_ERROR(result.status());
  std::vector<uint64_t> op_ids;
  op_ids.reserve(result->size());
  for (const Outcome& outcome : *result) op_ids.push_back(outcome.op_id);
  return op_ids;
}

}  // namespace

WriteResult Collection::ApplyAtomically(std::vector<Mutation> mutations) {
  if (mutations.empty()) return std::vector<Outcome>();
  std::vector<AtomicWrite> writes(1);
  writes.front().mutations = std::move(mutations);
  return std::move(Apply(std::move(writes)).front());
}

absl::StatusOr<std::vector<uint64_t>> Collection::Upsert(
    std::vector<Mutation> puts) {
  return OpIdsOf(ApplyAtomically(std::move(puts)));
}

absl::StatusOr<std::vector<uint64_t>> Collection::Delete(
    absl::Span<const std::string> ids) {
  std::vector<Mutation> deletes(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    deletes[i].kind = Mutation::Kind::kDelete;
    deletes[i].item.id = ids[i];
  }
  return OpIdsOf(ApplyAtomically(std::move(deletes)));
}

}  // namespace likeness
