#ifndef LIKENESS_ENGINE_DATASET_PICTURE_FOLDER_H_
#define LIKENESS_ENGINE_DATASET_PICTURE_FOLDER_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/dataset/dataset.h"

namespace likeness {

// Reads a tree of folders whose names are the classes, by the rules that
// ReadDataSet states.
absl::StatusOr<DataSet> ReadPictureFolder(const std::string& folder,
                                          const ReadOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_DATASET_PICTURE_FOLDER_H_
