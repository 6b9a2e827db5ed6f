// Pictures that training is judged by, on the way that a shipped bundle goes.
#ifndef LIKENESS_ENGINE_TRAIN_VALIDATION_PICTURES_H_
#define LIKENESS_ENGINE_TRAIN_VALIDATION_PICTURES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/space.h"
#include "engine/embed/embedder.h"
#include "engine/evaluate/unit_rows.h"
#include "engine/image/prepare.h"

namespace likeness {

// All of these work on `threads` threads; the first error in the order of the
// pictures wins, with the path before it.

// The pictures as the network gets them.
absl::StatusOr<std::vector<NetworkInput>> ReadPictures(
    absl::Span<const std::string> paths, const PrepareOptions& options,
    int threads);

// A strongly edited copy of each (CopyViews in engine/augment/view_recipe.h),
// the same on every call, and none that training sees.
absl::StatusOr<std::vector<NetworkInput>> EditPictures(
    absl::Span<const std::string> paths, const PrepareOptions& options,
    int threads);

// Their vectors in `space`.
absl::StatusOr<UnitRows> EmbedPictures(const Embedder& embedder, Space space,
                                       absl::Span<const NetworkInput> pictures,
                                       int threads);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_VALIDATION_PICTURES_H_
