#ifndef LIKENESS_TOOLS_SNAPSHOT_ANSWER_H_
#define LIKENESS_TOOLS_SNAPSHOT_ANSWER_H_

#include <cstdint>
#include <string>

#include "engine/store/snapshot_manifest.h"

namespace likeness {

// Where a snapshot, or what was made of one, lies.
struct SnapshotPlace {
  std::string folder;
  uint64_t files = 0;
  uint64_t bytes = 0;
};

// Prints what it has in it: one JSON document or a few lines. Of `manifest`
// when it was made, and the collections.
void PrintSnapshot(const SnapshotPlace& place, const SnapshotManifest& manifest,
                   bool json);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SNAPSHOT_ANSWER_H_
