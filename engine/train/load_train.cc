#include "engine/train/load_train.h"

#include "engine/embed/torch_module.h"

namespace likeness {

absl::StatusOr<decltype(Train)*> LoadTrain() {
  return TorchFunction<decltype(Train)>("kLikenessTrain");
}

}  // namespace likeness
