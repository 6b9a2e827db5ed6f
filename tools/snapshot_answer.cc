#include "tools/snapshot_answer.h"

#include <iostream>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "tools/command.h"

namespace likeness {

void PrintSnapshot(const SnapshotPlace& place, const SnapshotManifest& manifest,
                   bool json) {
  const std::string created = absl::FormatTime(manifest.created);
  if (json) {
    nlohmann::ordered_json collections = nlohmann::ordered_json::array();
    for (const SnapshotManifest::Collection& collection :
         manifest.collections) {
      collections.push_back({{"name", collection.name},
                             {"items", collection.live_items},
                             {"last_op_id", collection.last_op_id}});
    }
    PrintJson({{"folder", place.folder},
               {"created", created},
               {"files", place.files},
               {"bytes", place.bytes},
               {"collections", std::move(collections)}});
    return;
  }
  std::cout << absl::StrFormat("%s: the state of %s, %d files, %d bytes\n",
                               place.folder, created, place.files, place.bytes);
  for (const SnapshotManifest::Collection& collection : manifest.collections) {
    std::cout << absl::StrFormat("  %s: %d items, operations up to %d\n",
                                 collection.name, collection.live_items,
                                 collection.last_op_id);
  }
}

}  // namespace likeness
