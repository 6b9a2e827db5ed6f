#include "indexer/unembedded.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/database.h"
#include "indexer/reembed.h"

namespace likeness {
namespace {

constexpr size_t kRenewedAtOnce = 256;

// Writes new versions of the items called `ids`; how many there were.
absl::StatusOr<uint64_t> Renew(
    Collection& current, const std::vector<std::string>& ids,
    const std::function<absl::Status()>& still_wanted) {
  if (still_wanted) RETURN_IF_ERROR(still_wanted());
  ASSIGN_OR_RETURN(const std::vector<std::optional<Item>> items,
                   current.GetMany(ids, {}));
  std::vector<AtomicWrite> writes;
  for (const std::optional<Item>& item : items) {
    if (!item.has_value()) continue;  // Deleted since.
    Mutation& same = writes.emplace_back().mutations.emplace_back();
    same.kind = Mutation::Kind::kPatch;
    same.item.id = item->id;
    same.item.expires = item->expires;
    same.patch.set_expiry = true;
    same.condition = {Condition::Kind::kOpId, item->op_id};
  }
  uint64_t renewed = 0;
  const std::vector<WriteResult> results =
      current.Apply(std::move(writes), still_wanted);
  for (const WriteResult& result : results) {
    if (absl::IsAborted(result.status()) &&
        ReasonOf(result.status()) == kReasonVersionMismatch) {
      continue;  // Has a new version.
    }
    RETURN_IF_ERROR(result.status());
    ++renewed;
  }
  return renewed;
}

}  // namespace

absl::Status ForEachUnembedded(
    const Collection& collection,
    const std::function<absl::Status(const Item& item)>& visit) {
  uint64_t left = collection.stats().unembedded_items;
  std::string start;
  while (left > 0) {
    ASSIGN_OR_RETURN(const ItemPage page,
                     collection.List(start, kMaxItemsAtOnce, {}));
    for (const Item& item : page.items) {
      if (!item.unembedded.has_value()) continue;
      RETURN_IF_ERROR(visit(item));
      if (--left == 0) break;
    }
    if (page.next_id.empty()) break;
    start = page.next_id;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<Collection>> FindWithUnembedded(
    CollectionSet& set, absl::string_view name) {
  const std::optional<ModelChange> change = set.FindModelChange(name);
  if (!change.has_value() || change->switched) return set.Get(name);
  absl::StatusOr<Generations> generations = set.GetGenerations(name);
  if (ReasonOf(generations.status()) == kReasonNoModelChange) {
    return set.Get(name);  // Ended just now.
  }
  RETURN_IF_ERROR(generations.status());
  return generations->switched ? generations->current : generations->other;
}

absl::StatusOr<uint64_t> RenewUnembedded(
    Collection& current, const Collection& other,
    const std::function<absl::Status()>& still_wanted) {
  uint64_t renewed = 0;
  std::vector<std::string> ids;
  const auto renew_all = [&]() -> absl::Status {
    if (ids.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const uint64_t more, Renew(current, ids, still_wanted));
    renewed += more;
    ids.clear();
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      ForEachUnembedded(other, [&](const Item& item) -> absl::Status {
        const std::string& reason = item.unembedded->reason;
        if (reason == kReasonNoPicture || reason == kReasonNoSource) {
          return absl::OkStatus();
        }
        ids.push_back(item.id);
        return ids.size() < kRenewedAtOnce ? absl::OkStatus() : renew_all();
      }));
  RETURN_IF_ERROR(renew_all());
  return renewed;
}

}  // namespace likeness
