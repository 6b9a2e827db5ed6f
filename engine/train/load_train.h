#ifndef LIKENESS_ENGINE_TRAIN_LOAD_TRAIN_H_
#define LIKENESS_ENGINE_TRAIN_LOAD_TRAIN_H_

#include "absl/status/statusor.h"
#include "engine/train/trainer.h"

namespace likeness {

// The function Train for a program, which does not link LibTorch but loads it
// here. Errors are those of engine/embed/torch_module.h.
absl::StatusOr<decltype(Train)*> LoadTrain();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_LOAD_TRAIN_H_
