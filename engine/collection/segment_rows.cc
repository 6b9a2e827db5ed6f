#include "engine/collection/segment_rows.h"

#include <numeric>

#include "absl/strings/string_view.h"
#include "engine/collection/steps.h"
#include "engine/core/checked_file.h"
#include "engine/core/status_macros.h"
#include "likeness/storage/v1/segments.pb.h"

namespace likeness {
namespace {

constexpr absl::string_view kRowsMagic = "LKNROWS\x01";
// A segment has at most 2^30 rows; steps of neighbours take a byte or two.
constexpr uint64_t kMaxRowsBytes = uint64_t{2} << 30;

}  // namespace

absl::Status WriteSegmentRows(const std::string& path,
                              const SegmentRowList& list) {
  storage::v1::SegmentRows record;
  EncodeSteps(list.op_ids, *record.mutable_op_id_steps());
  for (const Space space : kAllSpaces) {
    const std::vector<uint32_t>& rows = list.rows[space];
    storage::v1::SegmentSpace& entry = *record.add_spaces();
    entry.set_present(!rows.empty());
    entry.set_all_rows(rows.size() == list.op_ids.size());
    if (!entry.all_rows()) EncodeSteps(rows, *entry.mutable_row_steps());
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
    const auto& entry = record.spaces(static_cast<int>(space));
    std::vector<uint32_t>& rows = list.rows[space];
    if (!entry.present()) continue;
    if (entry.all_rows()) {
      rows.resize(list.op_ids.size());
      std::iota(rows.begin(), rows.end(), 0U);
    } else if (!DecodeSteps(entry.row_steps(), rows)) {
      return DamagedFile(path, "the rows of a space don't rise");
    }
    if (!rows.empty() && rows.back() >= list.op_ids.size()) {
      return DamagedFile(path, "a space has more rows than the segment");
    }
  }
  return list;
}

}  // namespace likeness
