#ifndef LIKENESS_ENGINE_TRAIN_READ_PICTURE_H_
#define LIKENESS_ENGINE_TRAIN_READ_PICTURE_H_

#include <string>

#include "absl/status/statusor.h"
#include "engine/image/prepare.h"

namespace likeness {

// The picture as a shipped bundle gets it. Errors of the picture begin with its
// path.
absl::StatusOr<NetworkInput> ReadPicture(const std::string& path,
                                         const PrepareOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_READ_PICTURE_H_
