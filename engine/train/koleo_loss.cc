#include <ATen/ATen.h>

#include "engine/train/distance.h"
#include "engine/train/losses.h"

namespace likeness {
namespace {

constexpr double kMinDistance = 1e-3;

class KoLeoLoss : public Loss {
 public:
  at::Tensor Compute(const LossInput& input) override {
    const at::Tensor rows = input.negative.any(1).nonzero().squeeze(1);
    const at::Tensor distances =
        PairwiseDistances(input.anchors, input.references, Distance::kEuclidean)
            .index_select(0, rows);
    const at::Tensor others =
        input.negative.index_select(0, rows).logical_not();
    const at::Tensor nearest =
        distances.detach().masked_fill(others, kInfinity).argmin(1, true);
    const at::Tensor nearest_distances = distances.gather(1, nearest);
    const at::Tensor all = at::ones_like(nearest, at::kBool);
    nearest_ = MaskedMean(nearest_distances.detach(), all);
    return MaskedMean(-nearest_distances.clamp_min(kMinDistance).log(), all);
  }

  std::vector<LossStatistic> Statistics() const override {
    return {{"nearest_negative_distance", StatisticOf(nearest_)}};
  }

 private:
  at::Tensor nearest_;
};

}  // namespace

std::shared_ptr<Loss> MakeKoLeoLoss() { return std::make_shared<KoLeoLoss>(); }

}  // namespace likeness
