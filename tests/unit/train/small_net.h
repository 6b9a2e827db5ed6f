// A small network in training, for tests. Includes LibTorch.
#ifndef LIKENESS_TESTS_UNIT_TRAIN_SMALL_NET_H_
#define LIKENESS_TESTS_UNIT_TRAIN_SMALL_NET_H_

#include <memory>
#include <string>
#include <vector>

#include "engine/embed/model_bundle.h"
#include "engine/embed/trunk.h"
#include "engine/image/prepare.h"
#include "engine/train/siamese_net.h"

namespace likeness::testing {

inline constexpr int kSmallSide = 32;

// 32 x 32 pixels of one channel to 8 dimensions in either space; random
// weights, the same every time.
std::shared_ptr<SiameseNet> MakeSmallNet(const std::string& architecture,
                                         size_t frozen_stages = 0,
                                         bool live_norms = false);

PixelScaling SmallScaling();

// What `net` would be shipped as.
ModelBundle SmallBundle(const SiameseNet& net, const std::string& architecture);

// Drawn shapes, each of its own class.
std::vector<NetworkInput> SmallInputs(int count);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_TRAIN_SMALL_NET_H_
