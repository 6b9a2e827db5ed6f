// The flags of index options, for commands that make or change a collection.
#ifndef LIKENESS_TOOLS_INDEX_FLAGS_H_
#define LIKENESS_TOOLS_INDEX_FLAGS_H_

#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "likeness/v1/collection_service.pb.h"
#include "tools/target.h"

namespace likeness {

// What is not given is left as it is, or to the rule.
struct IndexFlags {
  std::string kind;
  std::string code;
  std::optional<int> m;
  std::optional<int> ef_construction;
  std::optional<int> min_graph_rows;
  std::optional<int> lists;
  std::optional<float> recall;
};

// `flags` must live as long as `command`.
void AddIndexFlags(CLI::App& command, IndexFlags& flags);

// INVALID_ARGUMENT for a kind or a code that there is not.
absl::Status SetIndex(const IndexFlags& flags, v1::IndexOptions& index);

// The paths of an update mask that name the fields of `index` that are set.
std::vector<std::string> PathsOf(const v1::IndexOptions& index);

// Does what `request` says, here or on the server.
absl::StatusOr<v1::Collection> UpdateCollection(
    const Target& target, const v1::UpdateCollectionRequest& request);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_INDEX_FLAGS_H_
