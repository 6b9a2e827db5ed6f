// The rows of a sealed segment as they lie on the disk.
#ifndef LIKENESS_ENGINE_COLLECTION_SEGMENT_ROWS_H_
#define LIKENESS_ENGINE_COLLECTION_SEGMENT_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/core/space.h"

namespace likeness {

struct SegmentRowList {
  std::vector<uint64_t> op_ids;  // Rising; a row each.
  // The rows with vectors in each space, rising, each as often as it has some.
  PerSpace<std::vector<uint32_t>> rows;
};

absl::Status WriteSegmentRows(const std::string& path,
                              const SegmentRowList& list);

// Errors as ReadCheckedFile.
absl::StatusOr<SegmentRowList> ReadSegmentRows(const std::string& path);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEGMENT_ROWS_H_
