#include "engine/train/principal_start.h"

#include <ATen/ATen.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/parallel.h"
#include "engine/core/status_macros.h"
#include "engine/embed/one_thread.h"
#include "engine/embed/torch_error.h"
#include "engine/train/read_picture.h"

namespace likeness {
namespace {

// Enough for 256 components, and half a minute's work on two cores.
constexpr size_t kMaxPictures = 2500;

using Pooled = PerSpace<at::Tensor>;  // [1, features] each.

absl::StatusOr<Pooled> PoolPicture(SiameseNet& net, const std::string& path,
                                   const PixelScaling& scaling, Fit fit,
                                   at::Device device) {
  PrepareOptions options;
  options.input_side = scaling.side;
  options.fit = fit;
  ASSIGN_OR_RETURN(const NetworkInput input, ReadPicture(path, options));
  return CatchTorch([&]() -> absl::StatusOr<Pooled> {
    const at::NoGradGuard no_grad;
    const ScopedOneThread one_thread;
    const at::Tensor map = net.network().forward(
        PixelsToTensor({&input, 1}, scaling, PixelOrder::kUpright).to(device));
    Pooled pooled;
    for (const Space space : kAllSpaces) {
      pooled[space] = net.head(space).Pooled(map).to(at::kCPU);
    }
    return pooled;
  });
}

}  // namespace

absl::Status StartWithPrincipalComponents(SiameseNet& net,
                                          const PerSpace<bool>& wanted,
                                          const TrainingData& data,
                                          const PixelScaling& scaling, Fit fit,
                                          at::Device device, int threads) {
  if (wanted == PerSpace<bool>()) return absl::OkStatus();
  const std::vector<std::string> paths = data.TrainingPaths(kMaxPictures);
  std::vector<absl::StatusOr<Pooled>> pooled(paths.size(), Pooled());
  ParallelFor(paths.size(), threads, [&](size_t i) {
    pooled[i] = PoolPicture(net, paths[i], scaling, fit, device);
  });
  PerSpace<std::vector<at::Tensor>> rows;
  for (const absl::StatusOr<Pooled>& one : pooled) {
    // Training replaces broken pictures and counts them; here they are missed
    // by nobody.
    if (IsBadPicture(one.status())) continue;
    if (!one.ok()) return one.status();
    for (const Space space : kAllSpaces) rows[space].push_back((*one)[space]);
  }
  for (const Space space : kAllSpaces) {
    if (!wanted[space]) continue;
    const auto dimensions =
        static_cast<size_t>(net.head(space).spec().dimensions);
    if (rows[space].size() <= dimensions) {
      return InvalidField(absl::StrCat("heads.", SpaceName(space), ".start"),
                          absl::StrCat(rows[space].size(),
                                       " training pictures are too few for ",
                                       dimensions, " principal components"));
    }
    net.head(space).InitialiseWithPrincipalComponents(at::cat(rows[space]));
  }
  return absl::OkStatus();
}

}  // namespace likeness
