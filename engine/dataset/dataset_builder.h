#ifndef LIKENESS_ENGINE_DATASET_DATASET_BUILDER_H_
#define LIKENESS_ENGINE_DATASET_DATASET_BUILDER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/dataset/dataset.h"

namespace likeness {

// Gathers samples whose classes are known by name. One object a data set, not
// thread-safe.
class DataSetBuilder {
 public:
  // `path`: what the data set is read from; `root`: what its paths are relative
  // to.
  DataSetBuilder(absl::string_view path, absl::string_view root);

  // The label of the class `name`, -1 for "". INVALID_ARGUMENT (fields "class"
  // and "class_group") for names that are no UTF-8, and for a class of two
  // groups.
  absl::StatusOr<int> Label(absl::string_view name, absl::string_view group);

  // A path that is relative to the root, as it can be opened from here.
  std::string Resolve(absl::string_view path) const;

  // `sample.label` is one of Label's.
  void Add(Sample sample) { data_.samples.push_back(std::move(sample)); }

  // A file that is not a picture.
  void Skip(std::string path) { data_.skipped.push_back(std::move(path)); }

  // The data set with its classes in the order of their names.
  // INVALID_ARGUMENT when it has no samples.
  absl::StatusOr<DataSet> Build() &&;

 private:
  DataSet data_;
  absl::flat_hash_map<std::string, int> labels_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_DATASET_DATASET_BUILDER_H_
