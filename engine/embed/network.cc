#include "engine/embed/network.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/embed/conv4.h"
#include "engine/embed/efficientnet_lite.h"
#include "engine/embed/row_lstm.h"

namespace likeness {
namespace {

struct Entry {
  const char* name;
  int side_multiple;
  std::shared_ptr<Network> (*make)(int side);
};

template <typename T>
std::shared_ptr<Network> Make(int side) {
  return std::make_shared<T>(side);
}

// A new network is a file and a line here.
constexpr Entry kNetworks[] = {
    {"efficientnet_lite0", 32, Make<EfficientNetLite0Impl>},
    {"conv4", 16, Make<Conv4Impl>},
    {"lstm", 1, Make<RowLstmImpl>},
    {"cnn_lstm", 8, Make<ConvRowLstmImpl>},
};

absl::Status CopyInto(const at::Tensor& target, const std::string& name,
                      const SafeTensors& weights) {
  auto values = weights.GetFloats(name, target.sizes().vec());
  if (!values.ok()) {
    return WithReason(absl::DataLossError(values.status().message()),
                      kReasonCorruptData);
  }
  target.copy_(at::from_blob(values->data(), target.sizes(), at::kFloat));
  return absl::OkStatus();
}

}  // namespace

at::Tensor Network::forward(at::Tensor pixels) {
  for (size_t i = 0; i < num_stages(); ++i) pixels = RunStage(i, pixels);
  return pixels;
}

absl::Status Network::LoadWeights(const SafeTensors& weights) {
  const at::NoGradGuard no_grad;
  // Without statistics of norms: they were folded before.
  const std::vector<std::string> names = weights.names();
  if (std::none_of(names.begin(), names.end(), [](const std::string& name) {
        return absl::EndsWith(name, ".running_var");
      })) {
    Fold();
  }
  for (const auto& parameter : named_parameters()) {
    RETURN_IF_ERROR(CopyInto(parameter.value(), parameter.key(), weights));
  }
  for (const auto& buffer : named_buffers()) {
    // A counter of training steps that has no part in the result.
    if (absl::EndsWith(buffer.key(), "num_batches_tracked")) continue;
    RETURN_IF_ERROR(CopyInto(buffer.value(), buffer.key(), weights));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<Network>> MakeNetwork(
    absl::string_view architecture, int side) {
  for (const Entry& entry : kNetworks) {
    if (architecture != entry.name) continue;
    if (side < entry.side_multiple || side % entry.side_multiple != 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("input_side ", side, " is no multiple of ",
                       entry.side_multiple, ", as ", entry.name, " needs"));
    }
    return entry.make(side);
  }
  return absl::UnimplementedError(
      absl::StrCat("architecture \"", architecture, "\"; this program runs ",
                   absl::StrJoin(NetworkNames(), ", ")));
}

std::vector<std::string> NetworkNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kNetworks) names.emplace_back(entry.name);
  return names;
}

}  // namespace likeness
