#include <ATen/ATen.h>

#include "engine/train/distance.h"
#include "engine/train/losses.h"

namespace likeness {
namespace {

class ContrastiveLoss : public Loss {
 public:
  explicit ContrastiveLoss(const LossSpec& spec) : spec_(spec) {}

  at::Tensor Compute(const LossInput& input) override {
    const at::Tensor distances =
        PairwiseDistances(input.anchors, input.references, spec_.distance);
    const at::Tensor pull = distances.square() / 2;
    const at::Tensor gap = at::relu(spec_.margin - distances);
    const at::Tensor push = gap.square() / 2;
    active_ = MaskedMean((gap > 0).to(distances.dtype()), input.negative);
    if (!spec_.balanced) {
      return MaskedMean(at::where(input.positive, pull, push),
                        input.positive.logical_or(input.negative));
    }
    // A mean over nothing is 0 and counts for nothing.
    const at::Tensor kinds =
        input.positive.any().to(at::kLong) + input.negative.any().to(at::kLong);
    return (MaskedMean(pull, input.positive) +
            MaskedMean(push, input.negative)) /
           kinds.clamp_min(1);
  }

  std::vector<LossStatistic> Statistics() const override {
    return {{"active_negative_share", StatisticOf(active_)}};
  }

 private:
  const LossSpec spec_;
  at::Tensor active_;
};

}  // namespace

std::shared_ptr<Loss> MakeContrastiveLoss(const LossSpec& spec) {
  return std::make_shared<ContrastiveLoss>(spec);
}

}  // namespace likeness
