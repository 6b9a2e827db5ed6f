// Data sets: which pictures there are, and what is known of each.
#ifndef LIKENESS_ENGINE_DATASET_DATASET_H_
#define LIKENESS_ENGINE_DATASET_DATASET_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

enum class Split : uint8_t { kUnassigned, kTrain, kValidation, kTest };

// "train", "validation", "test"; "" for kUnassigned.
absl::string_view SplitName(Split split);

// One point of a drawn line, in the order of the drawing.
struct StrokePoint {
  float x = 0;  // To the right, in any unit that the whole set shares.
  float y = 0;  // Downwards.
  bool pen_lift = false;  // The pen leaves the paper behind this point.

  friend bool operator==(const StrokePoint&, const StrokePoint&) = default;
};

// One picture.
struct Sample {
  std::string path;  // As it can be opened from here.
  int label = -1;    // Index into DataSet::classes; -1: no class is known.
  // What kind of picture it is within its class ("natural", "iconic", a
  // drawer's number); empty when nothing is known.
  std::string group;
  Split split = Split::kUnassigned;
  std::vector<StrokePoint> strokes;  // Optional.
};

// Plain data: copyable, thread-safe while nobody writes.
struct DataSet {
  std::string name;  // The last part of the path it was read from.
  std::string root;  // The folder that paths in its files are relative to.
  std::vector<std::string> classes;  // Unique.
  // For each class the class above it ("Apple", an alphabet); "" for none.
  std::vector<std::string> class_groups;
  std::vector<Sample> samples;
  // Files that were found in folders but are no pictures by their first bytes.
  std::vector<std::string> skipped;
};

struct ReadOptions {
  // Of how many folders below the root a class is made, where folders are the
  // classes: 0 takes the folder that a picture lies in ("Greek/alpha"), 1 the
  // topmost with all that is below it ("Greek").
  int class_depth = 0;
};

// Reads the data set at `path`. What it is shows in what is there; the first of
// these that fits:
//   a file                     a manifest (engine/dataset/manifest.h)
//   manifest.csv, .jsonl       the manifest of a folder
//   classes.csv                index files (engine/dataset/index_files.h), as
//                              GroceryStoreDataset has them
//   sub-folders                a class for each folder with pictures; the
//                              class's group is the folder above
//   pictures only              one flat set without classes
// Folders that hold nothing but one other folder are walked through first. When
// the topmost folders are all named train, val, validation or test, and there
// are two or more, they are the split and not part of the class's name. In a
// folder a picture is told by its first bytes; whatever else lies there is
// listed in `skipped`. A picture named as Omniglot names them
// (character03/0345_17.png) has its drawer, "17", for a group.
//
// The order of classes and samples depends on names alone. NOT_FOUND when there
// is nothing at `path`; INVALID_ARGUMENT when it holds no picture, or a file's
// contents are wrong: the message names file, line and column.
absl::StatusOr<DataSet> ReadDataSet(const std::string& path,
                                    const ReadOptions& options = {});

// Indices of the samples in `split`, in their order.
std::vector<size_t> SamplesOf(const DataSet& data, Split split);

// Indices of all samples.
std::vector<size_t> AllSamples(const DataSet& data);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_DATASET_DATASET_H_
