#ifndef LIKENESS_ENGINE_DATASET_INDEX_FILES_H_
#define LIKENESS_ENGINE_DATASET_INDEX_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/dataset/dataset.h"

namespace likeness {

// Reads a folder as GroceryStoreDataset (Klasson, Zhang and Kjellström, "A
// Hierarchical Grocery Store Image Dataset with Visual and Semantic Labels",
// 2019) lays it out:
//   classes.csv                 class,class_id,coarse_class,iconic_image
//   train.csv val.csv test.csv  path,class_id; one of them at least
// Further columns are left alone. The coarse class is the class's group; the
// pictures of the lists are of the group "natural", those in iconic_image
// "iconic". The lists divide pictures, and share their classes, so they are not
// taken for a split. Errors name file, line and column.
absl::StatusOr<DataSet> ReadIndexFiles(const std::string& folder);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_DATASET_INDEX_FILES_H_
