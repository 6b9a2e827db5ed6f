#ifndef LIKENESS_ENGINE_COLLECTION_SEGMENT_MANIFEST_H_
#define LIKENESS_ENGINE_COLLECTION_SEGMENT_MANIFEST_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/collection/segment.h"
#include "engine/core/space.h"

namespace likeness {

// Sealed segments as one view saw them.
struct SealedViews {
  uint64_t op_id = 0;  // Of the view.
  std::vector<SegmentView> segments;
};

// Replaces the manifest of `folder` by one that names `sealed`, all of them
// SealedSegments with at least one row.
absl::Status WriteManifest(const std::string& folder,
                           const SealedViews& sealed);

// Opens the segments that the manifest of `folder` names, of vectors of
// `dimensions`; none when there is no manifest. DATA_LOSS (reason CORRUPT_DATA)
// names the file that is not what was written, or missing; where that is a
// segment's and `skip` is given, the segment is left out instead, and `skip`
// called with the error.
using SkipSegment = std::function<void(const absl::Status& why)>;
absl::StatusOr<SealedViews> OpenManifest(const std::string& folder,
                                         const PerSpace<int>& dimensions,
                                         const SkipSegment& skip = nullptr);

// Removes all files but the manifest and those of `sealed`: what an interrupted
// build or removal left behind.
void RemoveStrays(const std::string& folder, const SealedViews& sealed);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEGMENT_MANIFEST_H_
