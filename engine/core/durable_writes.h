// What every durable write of our own files is made of. The errors are the
// system's and name the path.
#ifndef LIKENESS_ENGINE_CORE_DURABLE_WRITES_H_
#define LIKENESS_ENGINE_CORE_DURABLE_WRITES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace likeness {

// Writes all of `bytes` to the open file `descriptor`, from `offset` on, and
// goes on after short and interrupted writes.
absl::Status WriteAllAt(int descriptor, uint64_t offset,
                        absl::string_view bytes, const std::string& path);

// Syncs the folder itself: files made in it, renamed into it or removed from it
// stay so after a power loss.
absl::Status SyncFolder(const std::string& folder);

// Makes `folder` and what is missing above it, and syncs the folders that got a
// new one.
absl::Status MakeFolderDurably(const std::string& folder);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_DURABLE_WRITES_H_
