// Which pictures `evaluate` and `calibrate` work on.
#ifndef LIKENESS_TOOLS_TESTED_DATA_H_
#define LIKENESS_TOOLS_TESTED_DATA_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "engine/dataset/dataset.h"

namespace likeness {

struct TestedDataFlags {
  std::string data;   // Folder or manifest.
  std::string split;  // File; empty: the data's own, or one drawn.
  std::string split_by = "class";
  std::string on;  // Side of the split; empty: test where there is one.
  int64_t split_seed = -1;  // Not negative: the split is drawn.
  int class_depth = 0;
};

// Adds the flags --data, --split, --split-seed, --split-by, --on and
// --class-depth.
void AddTestedDataFlags(CLI::App& command, TestedDataFlags& flags);

struct TestedData {
  DataSet data;                  // With its split.
  std::vector<size_t> tested;    // Samples.
  std::vector<size_t> training;  // Samples of the side "train".
  std::string side;              // "test", "all", ...
  std::string split;             // Where it is from: "seed 1 by class", ...
};

// Reads the data and its split. Errors are ReadDataSet's, ReadSplit's and
// ApplySplit's; INVALID_ARGUMENT when no picture is on the side that --on
// names.
absl::StatusOr<TestedData> ReadTestedData(const TestedDataFlags& flags);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_TESTED_DATA_H_
