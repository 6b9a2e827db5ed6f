#include "engine/collection/embedded_collection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/collection/item_rules.h"
#include "engine/collection/view_search.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kMaxGroupBytes = size_t{8} << 20;
constexpr int kMaxListLimit = 1000;

}  // namespace

EmbeddedCollection::EmbeddedCollection(CollectionSpec spec,
                                       std::unique_ptr<MetadataStore> store,
                                       LiveRows rows)
    : spec_(std::move(spec)),
      store_(std::move(store)),
      rows_(std::move(rows)),
      committer_(
          [this](absl::Span<const Mutation> mutations) {
            return CommitGroup(mutations);
          },
          kMaxGroupBytes) {}

absl::StatusOr<std::unique_ptr<EmbeddedCollection>> EmbeddedCollection::Open(
    CollectionSpec spec, std::unique_ptr<MetadataStore> store,
    const IndexFactory& make_index) {
  ASSIGN_OR_RETURN(LiveRows rows, LiveRows::Make(spec.dimensions, make_index));
  ASSIGN_OR_RETURN(auto snapshot, store->Snapshot());
  RETURN_IF_ERROR(rows.Load(*snapshot));
  auto view = std::make_shared<View>();
  view->store = std::move(snapshot);
  view->spaces = rows.Spaces();
  std::unique_ptr<EmbeddedCollection> collection(new EmbeddedCollection(
      std::move(spec), std::move(store), std::move(rows)));
  collection->view_.store(std::move(view));
  return collection;
}

std::shared_ptr<const View> EmbeddedCollection::CurrentView() const {
  return view_.load();
}

absl::Status EmbeddedCollection::CheckInStep() const {
  if (in_step_.load(std::memory_order_acquire)) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "collection \"", spec_.name,
          "\": its index could not take an operation that is stored; open the "
          "data directory anew to rebuild it")),
      kReasonOutOfStep);
}

absl::StatusOr<std::vector<uint64_t>> EmbeddedCollection::Upsert(
    std::vector<Mutation> puts) {
  if (puts.empty()) return std::vector<uint64_t>();
  for (Mutation& put : puts) {
    put.kind = Mutation::Kind::kPut;
    RETURN_IF_ERROR(PreparePut(spec_, put));
  }
  return committer_.Commit(std::move(puts));
}

absl::StatusOr<std::vector<uint64_t>> EmbeddedCollection::Delete(
    absl::Span<const std::string> ids) {
  if (ids.empty()) return std::vector<uint64_t>();
  std::vector<Mutation> deletes(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    RETURN_IF_ERROR(ValidateItemId(ids[i]));
    deletes[i].kind = Mutation::Kind::kDelete;
    deletes[i].item.id = ids[i];
  }
  return committer_.Commit(std::move(deletes));
}

absl::StatusOr<std::vector<Applied>> EmbeddedCollection::CommitGroup(
    absl::Span<const Mutation> mutations) {
  RETURN_IF_ERROR(CheckInStep());
  ASSIGN_OR_RETURN(std::vector<Applied> applied, store_->Apply(mutations));
  if (absl::Status status = Publish(mutations, applied); !status.ok()) {
    in_step_.store(false, std::memory_order_release);
    return WithReason(
        absl::InternalError(absl::StrCat("stored, but not searchable until the "
                                         "data directory is opened anew: ",
                                         status.message())),
        kReasonOutOfStep);
  }
  return applied;
}

absl::Status EmbeddedCollection::Publish(absl::Span<const Mutation> mutations,
                                         absl::Span<const Applied> applied) {
  RETURN_IF_ERROR(rows_.Take(mutations, applied));
  auto view = std::make_shared<View>();
  ASSIGN_OR_RETURN(view->store, store_->Snapshot());
  view->spaces = rows_.Spaces();
  view_.store(std::move(view));
  return absl::OkStatus();
}

absl::StatusOr<Item> EmbeddedCollection::Get(absl::string_view id,
                                             ReadParts parts) const {
  RETURN_IF_ERROR(ValidateItemId(id));
  RETURN_IF_ERROR(CheckInStep());
  return CurrentView()->store->Get(id, parts);
}

absl::StatusOr<ItemPage> EmbeddedCollection::List(absl::string_view start_id,
                                                  int limit,
                                                  ReadParts parts) const {
  if (limit < 1 || limit > kMaxListLimit) {
    return InvalidField(
        "limit", absl::StrCat("is ", limit, ", must be 1 to ", kMaxListLimit));
  }
  RETURN_IF_ERROR(CheckInStep());
  return CurrentView()->store->List(start_id, limit, parts);
}

absl::StatusOr<SearchResult> EmbeddedCollection::Search(
    const SearchRequest& request) const {
  RETURN_IF_ERROR(CheckInStep());
  return SearchView(*CurrentView(), spec_, request);
}

uint64_t EmbeddedCollection::size() const {
  return CurrentView()->store->size();
}

uint64_t EmbeddedCollection::last_op_id() const {
  return CurrentView()->op_id();
}

}  // namespace likeness
