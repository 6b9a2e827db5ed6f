#include "engine/collection/sealed_segment.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/collection/segment_rows.h"
#include "engine/core/checked_file.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/index/sealed_index.h"

namespace likeness {
namespace {

// 8 GiB of lists are the most that one field may have.
constexpr uint64_t kMaxFieldsBytes = uint64_t{64} << 30;

std::string RowsPath(const std::string& folder, uint64_t number) {
  return absl::StrCat(folder, "/", number, ".rows");
}

std::string FieldsPath(const std::string& folder, uint64_t number) {
  return absl::StrCat(folder, "/", number, ".fields");
}

std::string IndexPath(const std::string& folder, uint64_t number, Space space) {
  return absl::StrCat(folder, "/", number, ".", SpaceName(space), ".index");
}

absl::Status Mismatch(const std::string& path, size_t has, size_t should_have) {
  return DamagedFile(
      path, absl::StrCat("it is of ", has, " rows, not ", should_have));
}

absl::Status WriteFields(const std::string& path,
                         absl::Span<const SegmentView> parts) {
  std::vector<FieldRuns::Part> runs;
  runs.reserve(parts.size());
  for (const SegmentView& part : parts) {
    runs.push_back({&part.fields, part.live.get()});
  }
  ASSIGN_OR_RETURN(const auto fields, FieldRuns::Merge(runs));
  return WriteFileDurably(path, fields->Serialize());
}

absl::StatusOr<FieldRuns> ReadFields(const std::string& path, size_t rows) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, kMaxFieldsBytes));
  auto fields = FieldIndex::Parse(bytes);
  RETURN_IF_ERROR(WithContext(fields.status(), path));
  if ((*fields)->num_rows() != rows) {
    return Mismatch(path, (*fields)->num_rows(), rows);
  }
  return FieldRuns(*std::move(fields));
}

// A row of one of the parts.
struct PartRow {
  uint32_t part;
  uint32_t row;
};

std::vector<PartRow> LiveRowsOf(absl::Span<const SegmentView> parts) {
  std::vector<PartRow> rows;
  for (uint32_t part = 0; part < parts.size(); ++part) {
    ForEachSetBit(*parts[part].live, [&](size_t row) {
      rows.push_back({part, static_cast<uint32_t>(row)});
    });
  }
  return rows;
}

// Writes the index of one space, and its rows to `list`.
class SpaceWriter {
 public:
  SpaceWriter(absl::Span<const SegmentView> parts,
              const std::vector<PartRow>& rows, Space space)
      : parts_(parts), rows_(rows), space_(space) {}

  absl::Status Write(const std::string& path, const SegmentOptions& options,
                     const BuildPace& pace, std::vector<uint32_t>& space_rows) {
    for (uint32_t i = 0; i < rows_.size(); ++i) {
      const SpaceRows* from = Of(i);
      if (from == nullptr) continue;
      dimensions_ = from->index().dimensions();
      space_rows.insert(space_rows.end(), from->CountVectors(rows_[i].row), i);
    }
    if (space_rows.empty()) return absl::OkStatus();
    const auto width = static_cast<size_t>(dimensions_);
    const auto read = [&](size_t first, absl::Span<float> out) {
      for (size_t at = 0; at < out.size(); at += width) {
        const size_t ordinal = first + at / width;
        const uint32_t i = space_rows[ordinal];
        size_t nth = 0;  // Of the row's vectors.
        while (nth < ordinal && space_rows[ordinal - nth - 1] == i) ++nth;
        Of(i)->Reconstruct(rows_[i].row, nth, out.subspan(at, width));
      }
      return absl::OkStatus();
    };
    return BuildIndexFile({space_rows.size(), dimensions_, read},
                          options.ParamsFor(space_rows.size()), path, pace);
  }

 private:
  const SpaceRows* Of(uint32_t i) const {
    return parts_[rows_[i].part].segment->space(space_);
  }

  const absl::Span<const SegmentView> parts_;
  const std::vector<PartRow>& rows_;
  const Space space_;
  int dimensions_ = 0;
};

}  // namespace

absl::Status WriteSegment(const std::string& folder, uint64_t number,
                          absl::Span<const SegmentView> parts,
                          const SegmentOptions& options,
                          const BuildPace& pace) {
  const std::vector<PartRow> rows = LiveRowsOf(parts);
  SegmentRowList list;
  list.op_ids.reserve(rows.size());
  for (const PartRow& row : rows) {
    list.op_ids.push_back(parts[row.part].segment->OpIdOf(row.row));
  }
  for (const Space space : kAllSpaces) {
    SpaceWriter writer(parts, rows, space);
    RETURN_IF_ERROR(writer.Write(IndexPath(folder, number, space), options,
                                 pace, list.rows[space]));
  }
  RETURN_IF_ERROR(WriteFields(FieldsPath(folder, number), parts));
  return WriteSegmentRows(RowsPath(folder, number), list);
}

absl::StatusOr<std::shared_ptr<const SealedSegment>> SealedSegment::Open(
    const std::string& folder, uint64_t number,
    const PerSpace<int>& dimensions) {
  ASSIGN_OR_RETURN(SegmentRowList list,
                   ReadSegmentRows(RowsPath(folder, number)));
  std::shared_ptr<SealedSegment> segment(new SealedSegment(number));
  segment->op_ids_ = std::move(list.op_ids);
  ASSIGN_OR_RETURN(segment->fields_, ReadFields(FieldsPath(folder, number),
                                                segment->op_ids_.size()));
  for (const Space space : kAllSpaces) {
    if (list.rows[space].empty()) continue;
    const std::string path = IndexPath(folder, number, space);
    ASSIGN_OR_RETURN(auto index, OpenIndexFile(path));
    if (index->size() != list.rows[space].size()) {
      return Mismatch(path, index->size(), list.rows[space].size());
    }
    if (index->dimensions() != dimensions[space]) {
      return DamagedFile(path,
                         absl::StrCat("it is of ", index->dimensions(),
                                      " dimensions, not ", dimensions[space]));
    }
    segment->built_[space] = index->build_params();
    auto rows = std::make_unique<RowMap>();
    RETURN_IF_ERROR(rows->Append(list.rows[space], segment->op_ids_.size()));
    segment->spaces_[space].emplace(std::move(index), std::move(rows));
  }
  return segment;
}

bool SealedSegment::IsBuiltBy(const SegmentOptions& options) const {
  for (const Space space : kAllSpaces) {
    if (!spaces_[space].has_value()) continue;
    const size_t rows = spaces_[space]->index().size();
    if (!MakeTheSame(built_[space], options.ParamsFor(rows))) return false;
  }
  return true;
}

void RemoveSegment(const std::string& folder, uint64_t number) {
  // What can't be removed now is removed at the next start.
  std::error_code ignored;
  std::filesystem::remove(RowsPath(folder, number), ignored);
  std::filesystem::remove(FieldsPath(folder, number), ignored);
  for (const Space space : kAllSpaces) {
    std::filesystem::remove(IndexPath(folder, number, space), ignored);
  }
}

std::optional<uint64_t> SegmentOfFile(absl::string_view name) {
  const size_t dot = name.find('.');
  uint64_t number = 0;
  if (dot == absl::string_view::npos ||
      !absl::SimpleAtoi(name.substr(0, dot), &number)) {
    return std::nullopt;
  }
  const absl::string_view kind = name.substr(dot);
  if (kind == ".rows" || kind == ".fields") return number;
  for (const Space space : kAllSpaces) {
    if (kind == absl::StrCat(".", SpaceName(space), ".index")) return number;
  }
  return std::nullopt;
}

}  // namespace likeness
