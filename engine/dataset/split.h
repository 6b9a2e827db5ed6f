// Splits by class: what is measured on classes that training never saw.
#ifndef LIKENESS_ENGINE_DATASET_SPLIT_H_
#define LIKENESS_ENGINE_DATASET_SPLIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/dataset/dataset.h"

namespace likeness {

// What stays together on one side.
enum class SplitUnit : uint8_t {
  kClass,
  kClassGroup,  // Every class of one DataSet::class_groups (an alphabet).
};

// Shares of the classes; they sum to 1.
struct SplitFractions {
  double train = 0.6;
  double validation = 0.2;
  double test = 0.2;

  // INVALID_ARGUMENT names the field that is out of 0..1, or the sum.
  absl::Status Validate() const;
};

// Which classes are on which side: what a run stores. Two runs with equal
// splits trained on the same pictures.
struct ClassSplit {
  std::vector<std::string> train;
  std::vector<std::string> validation;
  std::vector<std::string> test;

  friend bool operator==(const ClassSplit&, const ClassSplit&) = default;
};

// Assigns every sample of `data` to a side, whatever it had before, and returns
// the classes of each. The same names, fractions and seed give the same split;
// sides with a share above 0 get at least one class. Where `unit` is
// kClassGroup, the fractions count groups. A sample without a class is a class
// of its own, drawn by its path below the root, and listed nowhere.
// INVALID_ARGUMENT when there are fewer classes (or groups) than sides.
absl::StatusOr<ClassSplit> SplitByClass(DataSet& data,
                                        const SplitFractions& fractions,
                                        uint64_t seed,
                                        SplitUnit unit = SplitUnit::kClass);

// Assigns the samples of the listed classes; all others become kUnassigned.
// INVALID_ARGUMENT for a class that is listed twice (naming it and both sides);
// NOT_FOUND for one that `data` does not have.
absl::Status ApplySplit(const ClassSplit& split, DataSet& data);

// INVALID_ARGUMENT, naming the class, when one has pictures on two sides, or a
// picture is itself on two. kUnassigned is no side.
absl::Status CheckSplit(const DataSet& data);

// {"train": ["A", ...], "validation": [...], "test": [...]}. Reading refuses a
// class on two sides, unknown members and other types, naming them.
std::string SplitToJson(const ClassSplit& split);
absl::StatusOr<ClassSplit> SplitFromJson(absl::string_view text);
absl::Status WriteSplit(const std::string& path, const ClassSplit& split);
absl::StatusOr<ClassSplit> ReadSplit(const std::string& path);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_DATASET_SPLIT_H_
