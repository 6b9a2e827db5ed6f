#include "engine/collection/segment_views.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/collection/merge_plan.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kLoadBatchRows = 1024;

uint64_t LastOpId(absl::Span<const SegmentView> segments) {
  if (segments.empty()) return 0;
  const Segment& last = *segments.back().segment;
  return last.OpIdOf(last.size() - 1);
}

// Adds rows of which the store has the items.
absl::Status AddStored(const RowBatch& batch, const StoreReader& store,
                       LiveSegments& live) {
  ASSIGN_OR_RETURN(const auto found, store.GetByOps(batch.op_ids, ReadParts{}));
  std::vector<const Item*> items;
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i].has_value()) {
      return WithReason(
          absl::DataLossError(absl::StrCat("operation ", batch.op_ids[i],
                                           " has vectors and no item")),
          kReasonCorruptData);
    }
    items.push_back(&*found[i]);
  }
  return live.Add(batch, items);
}

// Adds the rows that operations after `op_id` wrote.
absl::Status AddRowsAfter(uint64_t op_id, const StoreReader& store,
                          LiveSegments& live) {
  const PerSpace<int> dimensions = live.dimensions();
  RowBatch batch(dimensions);
  RETURN_IF_ERROR(store.ScanVectors(
      op_id, [&](uint64_t row, const ItemVectors& vectors) -> absl::Status {
        batch.Add(row, vectors);
        if (batch.weight() < kLoadBatchRows) return absl::OkStatus();
        return AddStored(std::exchange(batch, RowBatch(dimensions)), store,
                         live);
      }));
  return AddStored(batch, store, live);
}

size_t LiveRows(absl::Span<const SegmentView> segments) {
  size_t rows = 0;
  for (const SegmentView& view : segments) rows += view.live->Count();
  return rows;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentViews>> SegmentViews::Open(
    std::shared_ptr<const StoreReader> store, LiveSegments live,
    SealedViews sealed) {
  const uint64_t last_sealed = LastOpId(sealed.segments);
  if (std::max(sealed.op_id, last_sealed) > store->last_op_id()) {
    return WithReason(
        absl::DataLossError(absl::StrCat(
            "the segments know operation ", std::max(sealed.op_id, last_sealed),
            ", the store ends at ", store->last_op_id())),
        kReasonCorruptData);
  }
  live.Prepend(std::move(sealed.segments));
  RETURN_IF_ERROR(AddRowsAfter(last_sealed, *store, live));
  ASSIGN_OR_RETURN(std::vector<uint64_t> replaced,
                   store->ListReplaced(sealed.op_id));
  live.Bury(std::move(replaced));
  if (LiveRows(live.segments()) != store->size()) {
    return WithReason(
        absl::DataLossError(absl::StrCat(
            "the segments have ", LiveRows(live.segments()),
            " live rows, the store has ", store->size(), " items")),
        kReasonCorruptData);
  }
  std::unique_ptr<SegmentViews> views(new SegmentViews(std::move(live)));
  absl::MutexLock lock(&views->mutex_);
  views->Publish(std::move(store));
  return views;
}

void SegmentViews::Publish(std::shared_ptr<const StoreReader> store) {
  auto view = std::make_shared<View>();
  view->store = std::move(store);
  view->segments = live_.segments();
  view->types = live_.types();
  view_.store(std::move(view));
}

absl::Status SegmentViews::Take(absl::Span<const Mutation> mutations,
                                absl::Span<const Applied> applied,
                                std::shared_ptr<const StoreReader> store) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(live_.Take(mutations, applied));
  Publish(std::move(store));
  return absl::OkStatus();
}

void SegmentViews::Renew(std::shared_ptr<const StoreReader> store) {
  absl::MutexLock lock(&mutex_);
  if (store->last_op_id() == Current()->op_id()) Publish(std::move(store));
}

std::optional<SegmentViews::Merge> SegmentViews::NextMerge(
    const SegmentOptions& options) const {
  const std::shared_ptr<const View> view = Current();
  const absl::Span<const SegmentView> segments = view->segments;
  const absl::Span<const SegmentView> grown =
      segments.first(segments.size() - 1);
  const auto range = PlanMerge(SizesOf(grown), options);
  if (!range.has_value()) return std::nullopt;
  const auto parts = grown.subspan(range->first, range->count);
  return Merge{range->first, {parts.begin(), parts.end()}};
}

absl::StatusOr<std::optional<SegmentViews::Merge>> SegmentViews::MergeOfAll(
    const SegmentOptions& options) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(live_.Freeze());
  Publish(Current()->store);
  const std::vector<SegmentView>& segments = live_.segments();
  Merge merge{0, {segments.begin(), segments.end() - 1}};
  if (merge.parts.empty()) return std::nullopt;
  const SegmentView& first = merge.parts.front();
  if (merge.parts.size() == 1 && first.segment->IsBuiltBy(options) &&
      first.live->Count() == first.live->size()) {
    return std::nullopt;
  }
  return merge;
}

void SegmentViews::Replace(const Merge& merge, LiveSegments::Built built) {
  absl::MutexLock lock(&mutex_);
  live_.Replace(merge.first, merge.parts, std::move(built));
  Publish(Current()->store);
}

SealedViews SealedOf(const View& view) {
  SealedViews sealed{view.op_id(), {}};
  for (const SegmentView& segment : view.segments) {
    if (segment.segment->number().has_value()) {
      sealed.segments.push_back(segment);
    }
  }
  return sealed;
}

}  // namespace likeness
