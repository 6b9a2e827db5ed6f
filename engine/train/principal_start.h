// Includes LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_PRINCIPAL_START_H_
#define LIKENESS_ENGINE_TRAIN_PRINCIPAL_START_H_

#include "absl/status/status.h"
#include "engine/core/space.h"
#include "engine/embed/trunk.h"
#include "engine/image/prepare.h"
#include "engine/train/siamese_net.h"
#include "engine/train/training_data.h"

namespace likeness {

// Runs training pictures, unvaried, through `net` and begins the `wanted` heads
// with the principal components of what their pooling gives. INVALID_ARGUMENT
// when there are not more pictures than dimensions.
absl::Status StartWithPrincipalComponents(SiameseNet& net,
                                          const PerSpace<bool>& wanted,
                                          const TrainingData& data,
                                          const PixelScaling& scaling, Fit fit,
                                          at::Device device, int threads);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_PRINCIPAL_START_H_
