#ifndef LIKENESS_TOOLS_MODEL_PATH_H_
#define LIKENESS_TOOLS_MODEL_PATH_H_

#include <string>

#include "absl/status/statusor.h"

namespace likeness {

// The model bundle to use: `given` (--model) when it is not empty, else
// ../share/likeness/models/default beside the program's own folder, where the
// build and the installation put one. NOT_FOUND says what to do.
absl::StatusOr<std::string> FindModel(const std::string& given);

// The ImageNet network that trained ones stand beside: `given` (--frozen), else
// ../share/likeness/models/imagenet-lite0.
absl::StatusOr<std::string> FindFrozenModel(const std::string& given);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_MODEL_PATH_H_
