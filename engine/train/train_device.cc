#include "engine/train/train_device.h"

#include "engine/core/enum_names.h"

namespace likeness {
namespace {

constexpr EnumName<TrainDevice> kDevices[] = {{TrainDevice::kCpu, "cpu"},
                                              {TrainDevice::kCuda, "cuda"}};

}  // namespace

absl::StatusOr<TrainDevice> ParseTrainDevice(absl::string_view name) {
  return ParseName(kDevices, "device", name);
}

}  // namespace likeness
