// What a recipe says about pictures. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_STREAM_SPEC_H_
#define LIKENESS_ENGINE_TRAIN_STREAM_SPEC_H_

#include <cstdint>
#include <string>

#include "engine/augment/view_recipe.h"
#include "engine/dataset/split.h"
#include "engine/train/sampler.h"

namespace likeness {

struct DataSpec {
  std::string name;
  std::string path;  // Below the folder that training is given.
  std::string licence;
  // Shares of its classes; 1, 0, 0 trains on everything there is.
  SplitFractions fractions;
  SplitUnit unit = SplitUnit::kClass;
  uint64_t seed = 1;  // Of the split: the run's seed leaves it alone.
};

enum class SamplerKind : uint8_t { kClasses, kInstances, kPairs, kTriplets };

struct StreamSpec {
  std::string name;
  std::string data;
  SamplerKind sampler = SamplerKind::kClasses;
  int classes = 8;  // classes: P.
  int pictures =
      4;          // classes: K of each; instances, pairs, triplets: how many.
  int views = 2;  // instances: of each picture.
  double positive_share = 0.5;                 // pairs.
  ClassWeight weight = ClassWeight::kUniform;  // All but instances.
  std::string
      always_group;  // classes: one of this group wherever there is one.
  // All but instances: quarter turns make classes of their own.
  bool rotated_classes = false;
  ViewRecipe augment;  // How pictures are varied.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_STREAM_SPEC_H_
