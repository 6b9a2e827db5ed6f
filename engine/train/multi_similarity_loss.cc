#include <ATen/ATen.h>

#include "engine/train/distance.h"
#include "engine/train/losses.h"

namespace likeness {
namespace {

// log(1 + the sum of exp(scale * x) over the entries of `mask`) / scale, [R, M]
// to [R]; 0 for a row without any.
at::Tensor SoftMaximum(const at::Tensor& values, const at::Tensor& mask,
                       double scale) {
  const at::Tensor exponents =
      (values * scale).masked_fill(mask.logical_not(), -kInfinity);
  const at::Tensor one = at::zeros({values.size(0), 1}, values.options());
  return at::cat({one, exponents}, 1).logsumexp(1) / scale;
}

class MultiSimilarityLoss : public Loss {
 public:
  explicit MultiSimilarityLoss(const LossSpec& spec) : spec_(spec) {}

  at::Tensor Compute(const LossInput& input) override {
    const at::Tensor cosines = PairwiseCosines(input.anchors, input.references);
    const at::Tensor fixed = cosines.detach();
    const at::Tensor worst_positive =
        fixed.masked_fill(input.positive.logical_not(), kInfinity)
            .amin(1, true);
    const at::Tensor best_negative =
        fixed.masked_fill(input.negative.logical_not(), -kInfinity)
            .amax(1, true);
    // Without a positive or a negative, nothing is mined in that row.
    const at::Tensor positive =
        input.positive.logical_and(fixed - spec_.margin < best_negative);
    const at::Tensor negative =
        input.negative.logical_and(fixed + spec_.margin > worst_positive);
    positive_ = Share(positive, input.positive);
    negative_ = Share(negative, input.negative);

    const at::Tensor losses =
        SoftMaximum(spec_.threshold - cosines, positive, spec_.positive_scale) +
        SoftMaximum(cosines - spec_.threshold, negative, spec_.negative_scale);
    return MaskedMean(losses,
                      input.positive.any(1).logical_and(input.negative.any(1)));
  }

  std::vector<LossStatistic> Statistics() const override {
    return {{"mined_positive_share", StatisticOf(positive_)},
            {"mined_negative_share", StatisticOf(negative_)}};
  }

 private:
  static at::Tensor Share(const at::Tensor& mined, const at::Tensor& all) {
    return mined.sum().to(at::kDouble) / all.sum().clamp_min(1);
  }

  const LossSpec spec_;
  at::Tensor positive_;
  at::Tensor negative_;
};

}  // namespace

std::shared_ptr<Loss> MakeMultiSimilarityLoss(const LossSpec& spec) {
  return std::make_shared<MultiSimilarityLoss>(spec);
}

}  // namespace likeness
