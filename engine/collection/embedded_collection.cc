#include "engine/collection/embedded_collection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/collection/item_rules.h"
#include "engine/collection/view_stats.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kMaxGroupBytes = size_t{8} << 20;

absl::Status CheckCount(absl::string_view field, int64_t count) {
  if (count >= 1 && count <= kMaxItemsAtOnce) return absl::OkStatus();
  return InvalidField(
      field, absl::StrCat("is ", count, ", must be 1 to ", kMaxItemsAtOnce));
}

absl::StatusOr<std::unique_ptr<SegmentViews>> OpenViews(
    const CollectionSpec& spec, const MetadataStore& store,
    const IndexFactory& make_index, const SegmentOptions& options,
    SealedViews sealed) {
  ASSIGN_OR_RETURN(
      LiveSegments live,
      LiveSegments::Make(spec.dimensions, make_index, options.growing_rows));
  ASSIGN_OR_RETURN(auto snapshot, store.Snapshot());
  return SegmentViews::Open(std::move(snapshot), std::move(live),
                            std::move(sealed));
}

uint64_t NumberAfter(const View& view) {
  uint64_t next = 1;
  for (const SegmentView& segment : view.segments) {
    next = std::max(next, segment.segment->number().value_or(0) + 1);
  }
  return next;
}

}  // namespace

EmbeddedCollection::EmbeddedCollection(CollectionSpec spec,
                                       std::unique_ptr<MetadataStore> store,
                                       std::unique_ptr<SegmentViews> views,
                                       const SegmentOptions& options,
                                       std::shared_ptr<ViewPeers> peers,
                                       absl::Status opened)
    : spec_(std::make_shared<const CollectionSpec>(std::move(spec))),
      store_(std::move(store)),
      views_(std::move(views)),
      options_(options),
      peers_(std::move(peers)),
      opened_(std::move(opened)),
      builder_(*views_, store_->derived_folder(),
               options.With(spec_.load()->index), spec_.load()->dimensions,
               NumberAfter(*views_->Current())),
      compactor_(builder_, *views_, *store_, [this] { peers_->RenewAll(); }),
      throttle_(options.max_frozen_rows, spec_.load()->dimensions,
                [this] { return Backlog(); }),
      committer_(
          [this](std::vector<AtomicWrite> writes) {
            return CommitGroup(std::move(writes));
          },
          kMaxGroupBytes) {
  peers_->Add(this, [this] { RenewView(); });
}

absl::StatusOr<std::unique_ptr<EmbeddedCollection>> EmbeddedCollection::Open(
    CollectionSpec spec, std::unique_ptr<MetadataStore> store,
    const IndexFactory& make_index, const SegmentOptions& options,
    std::shared_ptr<ViewPeers> peers) {
  RETURN_IF_ERROR(options.Validate());
  const std::string folder = store->derived_folder();
  absl::Status opened;
  absl::StatusOr<std::unique_ptr<SegmentViews>> views;
  if (auto sealed = OpenManifest(folder, spec.dimensions); sealed.ok()) {
    views = OpenViews(spec, *store, make_index, options, *std::move(sealed));
  } else {
    views = sealed.status();
  }
  if (!views.ok()) {
    opened = views.status();
    // For want of memory or file handles nothing is thrown away and built anew,
    // which takes more of both.
    if (absl::IsResourceExhausted(opened) && ReasonOf(opened).empty()) {
      return opened;
    }
    views = OpenViews(spec, *store, make_index, options, {});
    RETURN_IF_ERROR(views.status());
  }
  if (peers == nullptr) peers = std::make_shared<ViewPeers>();
  RemoveStrays(folder, SealedOf(*(*views)->Current()));
  std::unique_ptr<EmbeddedCollection> collection(new EmbeddedCollection(
      std::move(spec), std::move(store), *std::move(views), options,
      std::move(peers), std::move(opened)));
  collection->BuildIfDue();
  return collection;
}

absl::Status EmbeddedCollection::CheckInStep() const {
  if (in_step_.load(std::memory_order_acquire)) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "collection \"", spec_.load()->name,
          "\": its index could not take an operation that is stored; open the "
          "data directory anew to rebuild it")),
      kReasonOutOfStep);
}

absl::Status EmbeddedCollection::Prepare(AtomicWrite& write) const {
  RETURN_IF_ERROR(ValidateRequestId(write.request_id));
  const std::shared_ptr<const CollectionSpec> spec = spec_.load();
  for (Mutation& mutation : write.mutations) {
    RETURN_IF_ERROR(PrepareMutation(*spec, mutation));
  }
  return absl::OkStatus();
}

WriteThrottle::Backlog EmbeddedCollection::Backlog() const {
  const uint64_t rows = FrozenRows(*views_->Current());
  if (rows < options_.max_frozen_rows) return {rows, absl::OkStatus()};
  return {rows, builder_.stalled()};
}

absl::Status EmbeddedCollection::AwaitRoom(
    absl::Span<const AtomicWrite> writes,
    const std::function<absl::Status()>& still_wanted) {
  RETURN_IF_ERROR(gate_.Pass(still_wanted));
  // A builder that gave up tries again with every write.
  if (FrozenRows(*views_->Current()) >= options_.max_frozen_rows) BuildIfDue();
  return throttle_.Admit(writes, still_wanted);
}

std::vector<WriteResult> EmbeddedCollection::Apply(
    std::vector<AtomicWrite> writes,
    const std::function<absl::Status()>& still_wanted) {
  std::vector<WriteResult> results;
  std::vector<AtomicWrite> prepared;
  std::vector<size_t> places;
  results.reserve(writes.size());
  for (AtomicWrite& write : writes) {
    const absl::Status refused = Prepare(write);
    if (!refused.ok()) {
      results.emplace_back(refused);
      continue;
    }
    results.emplace_back();  // Below.
    places.push_back(results.size() - 1);
    prepared.push_back(std::move(write));
  }
  if (prepared.empty()) return results;
  const absl::Status admitted = AwaitRoom(prepared, still_wanted);
  std::vector<WriteResult> committed =
      admitted.ok() ? committer_.Commit(std::move(prepared))
                    : std::vector<WriteResult>(places.size(), admitted);
  for (size_t i = 0; i < places.size(); ++i) {
    results[places[i]] = std::move(committed[i]);
  }
  return results;
}

std::vector<WriteResult> EmbeddedCollection::CommitGroup(
    std::vector<AtomicWrite> writes) {
  const size_t count = writes.size();
  absl::StatusOr<Committed> committed = Commit(std::move(writes));
  if (committed.ok()) return std::move(committed->results);
  return std::vector<WriteResult>(count, committed.status());
}

absl::StatusOr<Committed> EmbeddedCollection::Commit(
    std::vector<AtomicWrite> writes) {
  absl::MutexLock lock(&commit_mutex_);
  RETURN_IF_ERROR(CheckInStep());
  ASSIGN_OR_RETURN(Committed committed, store_->Apply(std::move(writes)));
  if (!committed.mutations.empty()) RETURN_IF_ERROR(Publish(committed));
  return committed;
}

absl::Status EmbeddedCollection::Follow(std::vector<Operation> operations) {
  for (Operation& operation : operations) {
    RETURN_IF_ERROR(PrepareOperation(*spec_.load(), operation));
  }
  absl::MutexLock lock(&commit_mutex_);
  RETURN_IF_ERROR(CheckInStep());
  ASSIGN_OR_RETURN(const Committed committed,
                   store_->Follow(std::move(operations)));
  return Publish(committed);
}

absl::StatusOr<uint64_t> EmbeddedCollection::SweepExpired(absl::Time now,
                                                          int limit) {
  RETURN_IF_ERROR(CheckCount("limit", limit));
  RETURN_IF_ERROR(CheckInStep());
  ASSIGN_OR_RETURN(const std::vector<ItemVersion> expired,
                   views_->Current()->store->ListExpired(now, limit));
  DeleteResult swept;
  RETURN_IF_ERROR(DeleteVersions(*this, expired, swept));
  return swept.deleted;
}

absl::StatusOr<DeleteResult> EmbeddedCollection::DeleteMatching(
    const DeleteRequest& request) {
  RETURN_IF_ERROR(CheckInStep());
  const std::shared_ptr<const View> view = views_->Current();
  return DeleteInView(*view, request, *this);
}

absl::Status EmbeddedCollection::Publish(const Committed& committed) {
  auto snapshot = store_->Snapshot();
  absl::Status taken = snapshot.status();
  if (taken.ok()) {
    taken = views_->Take(committed.mutations, committed.applied,
                         *std::move(snapshot));
  }
  if (!taken.ok()) {
    in_step_.store(false, std::memory_order_release);
    return WithReason(
        absl::InternalError(absl::StrCat("stored, but not searchable until the "
                                         "data directory is opened anew: ",
                                         taken.message())),
        kReasonOutOfStep);
  }
  BuildIfDue();
  return absl::OkStatus();
}

void EmbeddedCollection::BuildIfDue() {
  if (views_->NextMerge(options_).has_value()) builder_.Wake();
}

absl::Status EmbeddedCollection::Compact() {
  RETURN_IF_ERROR(CheckInStep());
  return compactor_.Compact();
}

absl::StatusOr<Item> EmbeddedCollection::Get(absl::string_view id,
                                             ReadParts parts) const {
  RETURN_IF_ERROR(ValidateItemId(id));
  RETURN_IF_ERROR(CheckInStep());
  return views_->Current()->store->Get(id, parts);
}

absl::StatusOr<ItemWithVectors> EmbeddedCollection::GetWithVectors(
    absl::string_view id, ReadParts parts) const {
  RETURN_IF_ERROR(ValidateItemId(id));
  RETURN_IF_ERROR(CheckInStep());
  const std::shared_ptr<const View> view = views_->Current();
  ItemWithVectors whole;
  ASSIGN_OR_RETURN(whole.item, view->store->Get(id, parts));
  ASSIGN_OR_RETURN(whole.vectors, view->store->GetVectors(id));
  return whole;
}

absl::StatusOr<std::vector<std::optional<Item>>> EmbeddedCollection::GetMany(
    absl::Span<const std::string> ids, ReadParts parts) const {
  if (ids.empty()) return std::vector<std::optional<Item>>();
  RETURN_IF_ERROR(CheckCount("ids", static_cast<int64_t>(ids.size())));
  for (const std::string& id : ids) RETURN_IF_ERROR(ValidateItemId(id, "ids"));
  RETURN_IF_ERROR(CheckInStep());
  return views_->Current()->store->GetMany(ids, parts);
}

absl::StatusOr<ItemPage> EmbeddedCollection::List(absl::string_view start_id,
                                                  int limit,
                                                  ReadParts parts) const {
  RETURN_IF_ERROR(CheckCount("limit", limit));
  RETURN_IF_ERROR(CheckInStep());
  return views_->Current()->store->List(start_id, limit, parts);
}

absl::StatusOr<std::vector<Operation>> EmbeddedCollection::ListOperations(
    uint64_t op_id, int limit) const {
  RETURN_IF_ERROR(CheckCount("limit", limit));
  RETURN_IF_ERROR(CheckInStep());
  return views_->Current()->store->ListOperations(op_id, limit);
}

absl::StatusOr<ItemVectors> EmbeddedCollection::GetVectors(
    absl::string_view id) const {
  RETURN_IF_ERROR(ValidateItemId(id));
  RETURN_IF_ERROR(CheckInStep());
  return views_->Current()->store->GetVectors(id);
}

uint64_t EmbeddedCollection::size() const {
  return views_->Current()->store->size();
}

uint64_t EmbeddedCollection::last_op_id() const {
  return views_->Current()->op_id();
}

}  // namespace likeness
