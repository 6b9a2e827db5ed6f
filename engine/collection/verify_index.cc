#include "engine/collection/verify_index.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/collection/segment_manifest.h"
#include "engine/collection/verify_recall.h"
#include "engine/core/bitmap.h"

namespace likeness {
namespace {

constexpr size_t kItemsARead = 4096;

class IndexVerifier {
 public:
  IndexVerifier(const DerivedPart& part, VerifyReport& report)
      : part_(part), report_(report) {}

  void Run();

 private:
  // A row of the sealed segments, in the order of operations.
  struct Place {
    size_t segment = 0;
    size_t row = 0;
  };

  void Add(std::string what) {
    report_.AddDerived(part_.name, part_.folder, std::move(what));
    sound_ = false;
  }
  void Add(uint64_t op_id, const Place& place, absl::string_view what) {
    Add(absl::StrCat("operation ", op_id, what, " in segment ",
                     sealed_.segments[place.segment].segment->number().value(),
                     ", row ", place.row));
  }

  const SegmentView& ViewAt(const Place& place) const {
    return sealed_.segments[place.segment];
  }
  bool IsEnd(const Place& place) const {
    return place.segment == sealed_.segments.size();
  }
  uint64_t OpIdAt(const Place& place) const {
    return ViewAt(place).segment->OpIdOf(place.row);
  }
  void Advance(Place& place) const;

  bool BuryReplaced();
  void CompareRows();
  void CheckStray(const Place& place);
  void CompareVectors(const Place& place, uint64_t op_id,
                      const ItemVectors& vectors);
  void CompareFields(const SegmentView& view);
  void CompareFieldsOf(const SegmentView& view,
                       absl::Span<const uint32_t> rows);

  const DerivedPart& part_;
  VerifyReport& report_;
  SealedViews sealed_;
  bool complete_ = true;  // Every segment could be opened.
  bool sound_ = true;     // Nothing was found.
};

void IndexVerifier::Run() {
  absl::StatusOr<SealedViews> sealed = OpenManifest(
      part_.folder, part_.spec.dimensions, [this](const absl::Status& why) {
        Add(std::string(why.message()));
        complete_ = false;
      });
  if (!sealed.ok()) return Add(std::string(sealed.status().message()));
  sealed_ = *std::move(sealed);
  report_.segments += sealed_.segments.size();
  if (!BuryReplaced()) return;
  CompareRows();
  for (const SegmentView& view : sealed_.segments) CompareFields(view);
  if (!sound_) return;
  const absl::Status status = SampleRecall(part_, std::move(sealed_), report_);
  if (!status.ok()) Add(std::string(status.message()));
}

void IndexVerifier::Advance(Place& place) const {
  if (++place.row < ViewAt(place).segment->size()) return;
  ++place.segment;
  place.row = 0;
}

// The manifest knows which rows had died when it was written; what has died
// since is in the log. False when that can't be told.
bool IndexVerifier::BuryReplaced() {
  if (sealed_.op_id > part_.store->last_op_id()) {
    Add(absl::StrCat("the segments know operation ", sealed_.op_id,
                     ", the store ends at ", part_.store->last_op_id()));
    return false;
  }
  const auto replaced = part_.store->ListReplaced(sealed_.op_id);
  if (!replaced.ok()) {
    Add(std::string(replaced.status().message()));
    return false;
  }
  for (SegmentView& view : sealed_.segments) {
    auto live = std::make_shared<Bitmap>(*view.live);
    for (const uint64_t op_id : *replaced) {
      const auto row = RowOf(*view.segment, view.segment->size(), op_id);
      if (row.has_value()) live->Clear(*row);
    }
    view.live = std::move(live);
  }
  return true;
}

void IndexVerifier::CompareRows() {
  if (sealed_.segments.empty()) return;
  const Segment& last = *sealed_.segments.back().segment;
  const uint64_t last_op_id = last.OpIdOf(last.size() - 1);
  Place place;
  const absl::Status status = part_.store->ScanVectors(
      0, [&](uint64_t op_id, const ItemVectors& vectors) {
        // What is newer is read from the store at every start.
        if (op_id > last_op_id) return absl::CancelledError();
        for (; !IsEnd(place) && OpIdAt(place) < op_id; Advance(place)) {
          CheckStray(place);
        }
        if (IsEnd(place) || OpIdAt(place) != op_id) {
          if (complete_) {
            Add(absl::StrCat("operation ", op_id,
                             " wrote an item that is in no segment"));
          }
          return absl::OkStatus();
        }
        CompareVectors(place, op_id, vectors);
        Advance(place);
        return absl::OkStatus();
      });
  if (!status.ok() && !absl::IsCancelled(status)) {
    return Add(std::string(status.message()));
  }
  for (; !IsEnd(place); Advance(place)) CheckStray(place);
}

// A row whose item the store doesn't have.
void IndexVerifier::CheckStray(const Place& place) {
  ++report_.rows;
  if (!ViewAt(place).live->Test(place.row)) return;
  Add(OpIdAt(place), place, " was replaced or deleted, and is live");
}

void IndexVerifier::CompareVectors(const Place& place, uint64_t op_id,
                                   const ItemVectors& vectors) {
  ++report_.rows;
  const SegmentView& view = ViewAt(place);
  if (!view.live->Test(place.row)) {
    return Add(op_id, place, " wrote an item, which is dead");
  }
  for (const Space space : kAllSpaces) {
    const SpaceRows* rows = view.segment->space(space);
    std::vector<float> found;
    if (rows != nullptr) {
      const auto row = static_cast<uint32_t>(place.row);
      const auto width = static_cast<size_t>(rows->index().dimensions());
      found.resize(rows->CountVectors(row) * width);
      for (size_t at = 0; at < found.size(); at += width) {
        rows->Reconstruct(row, at / width,
                          absl::MakeSpan(found).subspan(at, width));
      }
    }
    if (found == vectors[space]) continue;
    Add(op_id, place,
        absl::StrCat(" has another vector of the space ", SpaceName(space)));
  }
}

void IndexVerifier::CompareFields(const SegmentView& view) {
  std::vector<uint32_t> rows;
  ForEachSetBit(*view.live, [&](size_t row) {
    rows.push_back(static_cast<uint32_t>(row));
    if (rows.size() < kItemsARead) return;
    CompareFieldsOf(view, rows);
    rows.clear();
  });
  CompareFieldsOf(view, rows);
}

// The index of the rows' items, made anew, has the same bytes.
void IndexVerifier::CompareFieldsOf(const SegmentView& view,
                                    absl::Span<const uint32_t> rows) {
  if (rows.empty()) return;
  std::vector<uint64_t> op_ids;
  Bitmap keep;
  keep.Grow(view.segment->size(), false);
  for (const uint32_t row : rows) {
    op_ids.push_back(view.segment->OpIdOf(row));
    keep.Set(row);
  }
  const auto read = part_.store->GetByOps(op_ids, ReadParts{});
  if (!read.ok()) return Add(std::string(read.status().message()));
  std::vector<const Item*> items;
  for (const std::optional<Item>& item : *read) {
    if (!item.has_value()) return;  // Told with the rows.
    items.push_back(&*item);
  }
  FieldTypes types;
  const auto expected = IndexFields(items, types);
  const FieldRuns::Part part{&view.fields, &keep};
  const auto found = FieldRuns::Merge(absl::MakeConstSpan(&part, 1));
  if (!expected.ok() || !found.ok()) {
    return Add(std::string(
        (expected.ok() ? found.status() : expected.status()).message()));
  }
  if ((*expected)->Serialize() == (*found)->Serialize()) return;
  Add(absl::StrCat("segment ", view.segment->number().value(), ", rows ",
                   rows.front(), " to ", rows.back(),
                   ": the fields are not those of the items"));
}

}  // namespace

void VerifyIndex(const DerivedPart& part, VerifyReport& report) {
  IndexVerifier(part, report).Run();
}

}  // namespace likeness
