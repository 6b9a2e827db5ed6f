// What an interrupted training continues from. Includes LibTorch: only for this
// folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_CHECKPOINT_H_
#define LIKENESS_ENGINE_TRAIN_CHECKPOINT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/train/named_tensors.h"

namespace likeness {

struct Checkpoint {
  NamedTensors tensors;  // float32, float64, int64 or uint8.
  std::string state;     // What is no tensor: the trainer's own text.
};

// One file in the safetensors format, replaced as a whole: a crash leaves the
// old or the new one.
absl::Status SaveCheckpoint(const std::string& path,
                            const Checkpoint& checkpoint);

// NOT_FOUND when there is none; DATA_LOSS (reason CORRUPT_DATA) when it is
// damaged.
absl::StatusOr<Checkpoint> LoadCheckpoint(const std::string& path);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_CHECKPOINT_H_
