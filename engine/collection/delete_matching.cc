#include "engine/collection/delete_matching.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/collection.h"
#include "engine/collection/view.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

absl::Status Validate(const View& view, const DeleteRequest& request) {
  if (request.filter.matches_all() && !request.all_items) {
    return InvalidField("filter",
                        "is empty; to delete every item, ask for all_items");
  }
  if (request.all_items && !request.filter.matches_all()) {
    return InvalidField("all_items", "is asked for, and a filter is given");
  }
  return CheckTypes(request.filter, *view.types);
}

Bitmap MatchesOf(const SegmentView& segment, const Filter& filter) {
  Bitmap matches = segment.fields.Evaluate(filter);
  matches.And(*segment.live);
  return matches;
}

class Deleter {
 public:
  Deleter(const View& view, const DeleteRequest& request,
          Collection& collection)
      : view_(view), request_(request), collection_(collection) {}

  DeleteResult Run() {
    result_.op_id = view_.op_id();
    for (const SegmentView& segment : view_.segments) {
      result_.matched += MatchesOf(segment, request_.filter).Count();
    }
    if (!request_.dry_run) result_.ended = DeleteAll();
    return std::move(result_);
  }

 private:
  absl::Status DeleteAll() {
    for (const SegmentView& segment : view_.segments) {
      const Bitmap matches = MatchesOf(segment, request_.filter);
      std::vector<uint64_t> op_ids;
      for (size_t row = 0; row < matches.size(); ++row) {
        if (!matches.Test(row)) continue;
        op_ids.push_back(segment.segment->OpIdOf(row));
        if (op_ids.size() < size_t{kMaxItemsAtOnce}) continue;
        RETURN_IF_ERROR(DeleteBatch(op_ids));
        op_ids.clear();
      }
      if (!op_ids.empty()) RETURN_IF_ERROR(DeleteBatch(op_ids));
    }
    return absl::OkStatus();
  }

  absl::Status DeleteBatch(const std::vector<uint64_t>& op_ids) {
    if (request_.still_wanted) RETURN_IF_ERROR(request_.still_wanted());
    ASSIGN_OR_RETURN(const auto items, view_.store->GetByOps(op_ids, {}));
    std::vector<ItemVersion> versions;
    versions.reserve(items.size());
    for (size_t i = 0; i < items.size(); ++i) {
      if (!items[i].has_value()) {
        return WithReason(absl::DataLossError(
                              absl::StrCat("the item of operation ", op_ids[i],
                                           " is missing from the store")),
                          kReasonCorruptData);
      }
      versions.push_back({items[i]->id, op_ids[i]});
    }
    return DeleteVersions(collection_, versions, result_);
  }

  const View& view_;
  const DeleteRequest& request_;
  Collection& collection_;
  DeleteResult result_;
};

}  // namespace

absl::Status DeleteVersions(Collection& collection,
                            absl::Span<const ItemVersion> versions,
                            DeleteResult& result) {
  std::vector<AtomicWrite> writes(versions.size());
  for (size_t i = 0; i < versions.size(); ++i) {
    Mutation& mutation = writes[i].mutations.emplace_back();
    mutation.kind = Mutation::Kind::kDelete;
    mutation.item.id = versions[i].id;
    mutation.condition = {Condition::Kind::kOpId, versions[i].op_id};
  }
  absl::Status status;
  for (const WriteResult& write : collection.Apply(std::move(writes))) {
    if (write.ok()) {
      ++result.deleted;
      result.last_op_id = std::max(result.last_op_id, write->front().op_id);
    } else if (ReasonOf(write.status()) == kReasonVersionMismatch) {
      ++result.changed;
    } else {
      status.Update(write.status());
    }
  }
  return status;
}

absl::StatusOr<DeleteResult> DeleteInView(const View& view,
                                          const DeleteRequest& request,
                                          Collection& collection) {
  RETURN_IF_ERROR(Validate(view, request));
  return Deleter(view, request, collection).Run();
}

}  // namespace likeness
