#include "engine/collection/segment_manifest.h"

#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/collection/sealed_segment.h"
#include "engine/collection/steps.h"
#include "engine/core/checked_file.h"
#include "engine/core/status_macros.h"
#include "likeness/storage/v1/segments.pb.h"

namespace likeness {
namespace {

constexpr absl::string_view kManifestName = "MANIFEST";
constexpr absl::string_view kManifestMagic = "LKNSEGM\x01";
constexpr uint64_t kMaxManifestBytes = uint64_t{1} << 30;

std::string ManifestPath(const std::string& folder) {
  return absl::StrCat(folder, "/", kManifestName);
}

std::vector<uint32_t> DeadRows(Bitmap live) {
  live.Invert();
  std::vector<uint32_t> dead;
  ForEachSetBit(
      live, [&](size_t row) { dead.push_back(static_cast<uint32_t>(row)); });
  return dead;
}

absl::StatusOr<SegmentView> OpenRecord(
    const std::string& folder, const PerSpace<int>& dimensions,
    const storage::v1::SegmentRecord& record) {
  const std::string path = ManifestPath(folder);
  auto opened = SealedSegment::Open(folder, record.number(), dimensions);
  if (absl::IsNotFound(opened.status())) {
    return DamagedFile(path, opened.status().message());
  }
  RETURN_IF_ERROR(opened.status());
  const SealedSegment& segment = **opened;
  if (segment.size() == 0 || segment.size() != record.rows() ||
      segment.OpIdOf(0) != record.first_op_id() ||
      segment.OpIdOf(segment.size() - 1) != record.last_op_id()) {
    return DamagedFile(path, absl::StrCat("segment ", record.number(),
                                          " is not the one that it names"));
  }
  std::vector<uint32_t> dead;
  if (!DecodeSteps(record.dead_row_steps(), dead) ||
      (!dead.empty() && dead.back() >= segment.size())) {
    return DamagedFile(path, "its dead rows are not those of the segment");
  }
  auto live = std::make_shared<Bitmap>();
  live->Grow(segment.size(), true);
  for (const uint32_t row : dead) live->Clear(row);
  FieldRuns fields = segment.fields();
  return SegmentView{*std::move(opened), std::move(live), std::move(fields)};
}

}  // namespace

absl::Status WriteManifest(const std::string& folder,
                           const SealedViews& sealed) {
  storage::v1::SegmentManifest manifest;
  manifest.set_op_id(sealed.op_id);
  for (const SegmentView& view : sealed.segments) {
    storage::v1::SegmentRecord& record = *manifest.add_segments();
    const size_t rows = view.segment->size();
    record.set_number(view.segment->number().value());
    record.set_rows(static_cast<uint32_t>(rows));
    record.set_first_op_id(view.segment->OpIdOf(0));
    record.set_last_op_id(view.segment->OpIdOf(rows - 1));
    EncodeSteps(DeadRows(*view.live), *record.mutable_dead_row_steps());
  }
  return WriteCheckedFile(ManifestPath(folder), kManifestMagic,
                          manifest.SerializeAsString());
}

absl::StatusOr<SealedViews> OpenManifest(const std::string& folder,
                                         const PerSpace<int>& dimensions,
                                         const SkipSegment& skip) {
  const std::string path = ManifestPath(folder);
  const auto bytes = ReadCheckedFile(path, kManifestMagic, kMaxManifestBytes);
  if (absl::IsNotFound(bytes.status())) return SealedViews();
  RETURN_IF_ERROR(bytes.status());
  storage::v1::SegmentManifest manifest;
  if (!manifest.ParseFromString(*bytes)) {
    return DamagedFile(path, "its record doesn't parse");
  }
  SealedViews sealed;
  sealed.op_id = manifest.op_id();
  uint64_t last_op_id = 0;
  for (const storage::v1::SegmentRecord& record : manifest.segments()) {
    if (record.first_op_id() <= last_op_id) {
      return DamagedFile(path, "its segments overlap");
    }
    last_op_id = record.last_op_id();
    absl::StatusOr<SegmentView> view = OpenRecord(folder, dimensions, record);
    if (!view.ok() && skip != nullptr) {
      skip(view.status());
      continue;
    }
    RETURN_IF_ERROR(view.status());
    sealed.segments.push_back(*std::move(view));
  }
  return sealed;
}

void RemoveStrays(const std::string& folder, const SealedViews& sealed) {
  std::set<uint64_t> named;
  for (const SegmentView& view : sealed.segments) {
    named.insert(view.segment->number().value());
  }
  // What can't be listed or removed now is removed at the next start.
  std::error_code error;
  std::vector<std::filesystem::path> strays;
  for (std::filesystem::directory_iterator entry(folder, error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::optional<uint64_t> number = SegmentOfFile(name);
    if (name == kManifestName) continue;
    if (number.has_value() && named.count(*number) != 0) continue;
    strays.push_back(entry->path());
  }
  for (const auto& stray : strays) std::filesystem::remove(stray, error);
}

}  // namespace likeness
