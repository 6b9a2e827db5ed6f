#include "engine/collection/live_segments.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/core/status_macros.h"
#include "engine/filter/built_in_fields.h"

namespace likeness {
namespace {

std::shared_ptr<const Bitmap> AllLive(size_t rows) {
  auto live = std::make_shared<Bitmap>();
  live->Grow(rows, true);
  return live;
}

// The operations of rows that were live in `before` and are dead in `now`, of
// the same segment.
void AddDied(const Segment& segment, const Bitmap& before, const Bitmap& now,
             std::vector<uint64_t>& op_ids) {
  Bitmap died = before;
  died.AndNot(now);
  ForEachSetBit(died,
                [&](size_t row) { op_ids.push_back(segment.OpIdOf(row)); });
}

// Clears the rows of those of `op_ids`, in rising order, that `view` has.
void BuryIn(absl::Span<const uint64_t> op_ids, SegmentView& view) {
  if (op_ids.empty()) return;
  std::shared_ptr<Bitmap> live;
  for (const uint64_t op_id : op_ids) {
    const std::optional<uint32_t> row =
        RowOf(*view.segment, view.live->size(), op_id);
    if (!row.has_value()) continue;
    if (live == nullptr) live = std::make_shared<Bitmap>(*view.live);
    live->Clear(*row);
  }
  if (live != nullptr) view.live = std::move(live);
}

}  // namespace

LiveSegments::LiveSegments(PerSpace<int> dimensions, IndexFactory make_index,
                           size_t growing_rows)
    : dimensions_(dimensions),
      make_index_(std::move(make_index)),
      growing_rows_(growing_rows),
      types_(std::make_shared<const FieldTypes>(BuiltInFieldTypes())) {}

absl::StatusOr<LiveSegments> LiveSegments::Make(const PerSpace<int>& dimensions,
                                                IndexFactory make_index,
                                                size_t growing_rows) {
  LiveSegments live(dimensions, std::move(make_index), growing_rows);
  RETURN_IF_ERROR(live.StartGrowing());
  return live;
}

absl::Status LiveSegments::StartGrowing() {
  ASSIGN_OR_RETURN(growing_, GrowingSegment::Make(dimensions_, make_index_));
  segments_.push_back({growing_, AllLive(0), {}});
  return absl::OkStatus();
}

absl::Status LiveSegments::Take(absl::Span<const Mutation> mutations,
                                absl::Span<const Applied> applied) {
  RowBatch batch(dimensions_);
  std::vector<const Item*> items;
  std::vector<uint64_t> replaced;
  for (size_t i = 0; i < mutations.size(); ++i) {
    if (mutations[i].kind == Mutation::Kind::kPut) {
      batch.Add(applied[i].op_id, mutations[i].vectors);
      items.push_back(&mutations[i].item);
    }
    if (applied[i].replaced_op_id.has_value()) {
      replaced.push_back(*applied[i].replaced_op_id);
    }
  }
  // An item may be put and replaced by the same group: rows first.
  RETURN_IF_ERROR(Add(batch, items));
  Bury(std::move(replaced));
  return absl::OkStatus();
}

absl::Status LiveSegments::Add(const RowBatch& batch,
                               absl::Span<const Item* const> items) {
  if (batch.op_ids.empty()) return absl::OkStatus();
  if (WeightOf(*growing_) >= growing_rows_) RETURN_IF_ERROR(StartGrowing());
  RETURN_IF_ERROR(growing_->Add(batch));
  SegmentView& view = segments_.back();
  FieldTypes types;
  ASSIGN_OR_RETURN(auto fields, IndexFields(items, types));
  RETURN_IF_ERROR(view.fields.Append(std::move(fields)));
  AddTypes(types);
  auto live = std::make_shared<Bitmap>(*view.live);
  live->Grow(growing_->size(), true);
  view.live = std::move(live);
  return absl::OkStatus();
}

void LiveSegments::AddTypes(const FieldTypes& types) {
  const auto is_known = [this](const auto& field) {
    const FieldTypeSet known = types_->Of(field.first);
    FieldTypeSet both = known;
    both.Add(field.second);
    return both == known;
  };
  // Most items bring nothing new, and then there is nothing to copy.
  if (std::all_of(types.fields().begin(), types.fields().end(), is_known)) {
    return;
  }
  auto all = std::make_shared<FieldTypes>(*types_);
  all->Add(types);
  types_ = std::move(all);
}

absl::Status LiveSegments::Freeze() {
  return growing_->size() == 0 ? absl::OkStatus() : StartGrowing();
}

void LiveSegments::Bury(std::vector<uint64_t> op_ids) {
  std::sort(op_ids.begin(), op_ids.end());
  auto begin = op_ids.begin();
  for (SegmentView& view : segments_) {
    if (view.live->size() == 0) continue;
    const uint64_t last = view.segment->OpIdOf(view.live->size() - 1);
    const auto end = std::upper_bound(begin, op_ids.end(), last);
    BuryIn(absl::MakeConstSpan(op_ids).subspan(
               static_cast<size_t>(begin - op_ids.begin()),
               static_cast<size_t>(end - begin)),
           view);
    begin = end;
  }
}

void LiveSegments::Replace(size_t first, absl::Span<const SegmentView> before,
                           Built built) {
  std::vector<uint64_t> died;
  for (size_t i = 0; i < before.size(); ++i) {
    AddDied(*before[i].segment, *before[i].live, *segments_[first + i].live,
            died);
  }
  const auto at = segments_.begin() + static_cast<std::ptrdiff_t>(first);
  const auto rest =
      segments_.erase(at, at + static_cast<std::ptrdiff_t>(before.size()));
  if (built.segment == nullptr) return;
  SegmentView view{std::move(built.segment), nullptr, std::move(built.fields)};
  view.live = AllLive(view.segment->size());
  BuryIn(died, view);
  segments_.insert(rest, std::move(view));
}

void LiveSegments::Prepend(std::vector<SegmentView> sealed) {
  for (const SegmentView& view : sealed) AddTypes(view.fields.types());
  segments_.insert(segments_.begin(), std::make_move_iterator(sealed.begin()),
                   std::make_move_iterator(sealed.end()));
}

}  // namespace likeness
