#ifndef LIKENESS_ENGINE_TRAIN_TRAIN_DEVICE_H_
#define LIKENESS_ENGINE_TRAIN_TRAIN_DEVICE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace likeness {

// Where the network runs. Losses, which see a vector a picture, and validation,
// which goes the way of a shipped bundle, are always the CPU's.
enum class TrainDevice : uint8_t {
  kCpu,   // "cpu"
  kCuda,  // "cuda": the first GPU.
};

absl::StatusOr<TrainDevice> ParseTrainDevice(absl::string_view name);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_TRAIN_DEVICE_H_
