#include "engine/collection/segment_rows.h"

#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/collection/steps.h"
#include "engine/core/checked_file.h"
#include "engine/core/status_macros.h"
#include "engine/store/mutation.h"
#include "likeness/storage/v1/segments.pb.h"

namespace likeness {
namespace {

constexpr absl::string_view kRowsMagic = "LKNROWS\x01";
// A segment has at most 2^30 rows; steps of neighbours take a byte or two.
constexpr uint64_t kMaxRowsBytes = uint64_t{2} << 30;

// `rows` of a segment of `size` rows.
void EncodeSpace(const std::vector<uint32_t>& rows, size_t size,
                 storage::v1::SegmentSpace& entry) {
  std::vector<uint32_t> distinct;
  std::vector<uint32_t> counts;
  for (const uint32_t row : rows) {
    if (distinct.empty() || distinct.back() != row) {
      distinct.push_back(row);
      counts.push_back(0);
    }
    ++counts.back();
  }
  entry.set_present(!rows.empty());
  entry.set_all_rows(distinct.size() == size);
  if (!entry.all_rows()) EncodeSteps(distinct, *entry.mutable_row_steps());
  if (distinct.size() == rows.size()) return;
  entry.mutable_vector_counts()->Assign(counts.begin(), counts.end());
}

// Puts each of `rows` as often as `counts` says.
absl::Status Repeat(const google::protobuf::RepeatedField<uint32_t>& counts,
                    const std::string& path, std::vector<uint32_t>& rows) {
  if (static_cast<size_t>(counts.size()) != rows.size()) {
    return DamagedFile(path, "it counts the vectors of other rows");
  }
  std::vector<uint32_t> repeated;
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint32_t count = counts[static_cast<int>(i)];
    if (count == 0 || count > kMaxVectorsInSpace) {
      return DamagedFile(
          path, absl::StrCat("row ", rows[i], " has ", count, " vectors"));
    }
    repeated.insert(repeated.end(), count, rows[i]);
  }
  rows = std::move(repeated);
  return absl::OkStatus();
}

absl::Status DecodeSpace(const storage::v1::SegmentSpace& entry,
                         const std::string& path, size_t size,
                         std::vector<uint32_t>& rows) {
  if (!entry.present()) return absl::OkStatus();
  if (entry.all_rows()) {
    rows.resize(size);
    std::iota(rows.begin(), rows.end(), 0U);
  } else if (!DecodeSteps(entry.row_steps(), rows)) {
    return DamagedFile(path, "the rows of a space don't rise");
  }
  if (!rows.empty() && rows.back() >= size) {
    return DamagedFile(path, "a space has more rows than the segment");
  }
  if (entry.vector_counts().empty()) return absl::OkStatus();
  return Repeat(entry.vector_counts(), path, rows);
}

}  // namespace

absl::Status WriteSegmentRows(const std::string& path,
                              const SegmentRowList& list) {
  storage::v1::SegmentRows record;
  EncodeSteps(list.op_ids, *record.mutable_op_id_steps());
  for (const Space space : kAllSpaces) {
    EncodeSpace(list.rows[space], list.op_ids.size(), *record.add_spaces());
  }
  return WriteCheckedFile(path, kRowsMagic, record.SerializeAsString());
}

absl::StatusOr<SegmentRowList> ReadSegmentRows(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadCheckedFile(path, kRowsMagic, kMaxRowsBytes));
  storage::v1::SegmentRows record;
  if (!record.ParseFromString(bytes)) {
    return DamagedFile(path, "its record doesn't parse");
  }
  SegmentRowList list;
  if (!DecodeSteps(record.op_id_steps(), list.op_ids) ||
      static_cast<size_t>(record.spaces_size()) != kNumSpaces) {
    return DamagedFile(path, "its rows don't rise or its spaces are not ours");
  }
  for (const Space space : kAllSpaces) {
    RETURN_IF_ERROR(DecodeSpace(record.spaces(static_cast<int>(space)), path,
                                list.op_ids.size(), list.rows[space]));
  }
  return list;
}

}  // namespace likeness
