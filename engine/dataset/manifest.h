#ifndef LIKENESS_ENGINE_DATASET_MANIFEST_H_
#define LIKENESS_ENGINE_DATASET_MANIFEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/dataset/dataset.h"

namespace likeness {

// Reads a list of pictures. A name that ends in .jsonl (or .ndjson) is JSON
// Lines, an object a line; any other is CSV whose first line names the columns.
// Members and columns, in any order; only the first must be there:
//   path         relative paths count from the manifest's folder
//   class        absent or empty: no class is known
//   class_group  the class above the class; one for each class
//   group        what kind of picture it is
//   split        train, validation (or val), test, or empty
//   strokes      the points of the drawing: "x y lift;x y lift" in CSV,
//                [[x, y, lift], ...] in JSON; lift is 1 where the pen leaves
//                the paper behind the point, else 0
// INVALID_ARGUMENT with file, line and column for anything else.
absl::StatusOr<DataSet> ReadManifest(const std::string& path);

// The split called `name`, as manifests and folders spell it; "" is
// kUnassigned. INVALID_ARGUMENT for any other name.
absl::StatusOr<Split> ParseSplit(absl::string_view name);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_DATASET_MANIFEST_H_
