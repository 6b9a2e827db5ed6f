// `likeness item delete --filter`.
#ifndef LIKENESS_TOOLS_DELETE_MATCHING_H_
#define LIKENESS_TOOLS_DELETE_MATCHING_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "tools/command.h"
#include "tools/target.h"

namespace likeness {

struct DeleteMatchingFlags {
  std::string filter;
  bool all_items = false;
  bool dry_run = false;

  // Whether items are named by what they are, not by their ids.
  bool given() const { return all_items || !filter.empty(); }
};

// `flags` must live as long as `command`.
void AddDeleteMatchingFlags(CLI::App& command, DeleteMatchingFlags& flags);

// Deletes and prints the counts. CANCELLED when a signal ended it, after
// printing what was done.
absl::Status DeleteMatching(const Target& target,
                            const DeleteMatchingFlags& flags,
                            const CommandContext& context);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_DELETE_MATCHING_H_
