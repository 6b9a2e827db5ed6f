#include "tests/unit/train/small_net.h"

#include <torch/utils.h>

#include "absl/strings/str_cat.h"
#include "engine/core/safetensors_writer.h"
#include "engine/image/resize.h"
#include "tests/support/shape_pictures.h"

namespace likeness::testing {
namespace {

PerSpace<HeadSpec> SmallHeads() {
  PerSpace<HeadSpec> heads;
  for (const Space space : kAllSpaces) {
    heads[space] = {.pooling = "avg",
                    .dimensions = 8,
                    .projection = absl::StrCat("heads.", SpaceName(space))};
  }
  return heads;
}

}  // namespace

std::shared_ptr<SiameseNet> MakeSmallNet(const std::string& architecture,
                                         size_t frozen_stages,
                                         bool live_norms) {
  torch::manual_seed(1);
  return std::make_shared<SiameseNet>(
      MakeNetwork(architecture, kSmallSide).value(), SmallHeads(),
      frozen_stages, live_norms);
}

PixelScaling SmallScaling() {
  return {.side = kSmallSide, .channels = 1, .mean = 127, .scale = 128};
}

ModelBundle SmallBundle(const SiameseNet& net,
                        const std::string& architecture) {
  const std::string card = absl::StrCat(
      R"({"format": 1, "name": "small", "architecture": ")", architecture,
      R"(", "preprocessing": {"version": 1, "input_side": 32, "fit": "stretch",)"
      R"( "mean": 127, "scale": 128}, "heads": {)"
      R"("similar": {"pooling": "avg", "dimensions": 8,)"
      R"( "projection": "heads.similar"},)"
      R"("copy": {"pooling": "avg", "dimensions": 8,)"
      R"( "projection": "heads.copy"}}})");
  const std::string weights = WriteSafeTensors(net.Export());
  return ModelBundle::Parse(SealCard(card, weights).value(), weights).value();
}

std::vector<NetworkInput> SmallInputs(int count) {
  std::vector<NetworkInput> inputs;
  for (int i = 0; i < count; ++i) {
    NetworkInput& input = inputs.emplace_back();
    input.pixels =
        Resize(ShapeImage(static_cast<uint64_t>(i), 0), kSmallSide, kSmallSide)
            .value();
  }
  return inputs;
}

}  // namespace likeness::testing
