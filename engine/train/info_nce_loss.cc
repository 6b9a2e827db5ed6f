#include <ATen/ATen.h>

#include "engine/train/distance.h"
#include "engine/train/losses.h"

namespace likeness {
namespace {

// log of the sum of exp over the entries of `mask`, [R, M] to [R, 1]; the mask
// has one in every row.
at::Tensor LogSumExp(const at::Tensor& logits, const at::Tensor& mask) {
  return logits.masked_fill(mask.logical_not(), -kInfinity).logsumexp(1, true);
}

// What InfoNCE and its supervised form share.
class SoftmaxLoss : public Loss {
 public:
  explicit SoftmaxLoss(const LossSpec& spec) : spec_(spec) {}

  at::Tensor Compute(const LossInput& input) override {
    // Only usable rows: the gradient of a logsumexp over nothing is NaN.
    const at::Tensor rows = Usable(input.positive.any(1), input.negative.any(1))
                                .nonzero()
                                .squeeze(1);
    const at::Tensor logits =
        PairwiseDistances(input.anchors, input.references, spec_.distance)
            .index_select(0, rows) /
        -spec_.temperature;
    const at::Tensor positive = input.positive.index_select(0, rows);
    const at::Tensor negative = input.negative.index_select(0, rows);
    if (rows.size(0) == 0) {
      nearest_ = at::Tensor();
      return logits.sum();
    }
    nearest_ = NearestIsPositive(logits.detach(), positive, negative);
    const at::Tensor pairs = PairLosses(logits, positive, negative)
                                 .masked_fill(positive.logical_not(), 0);
    return (pairs.sum(1) / positive.sum(1)).mean();
  }

  std::vector<LossStatistic> Statistics() const override {
    return {{"nearest_is_positive_share", StatisticOf(nearest_)}};
  }

 private:
  // bool [N]: which anchors have what they need.
  virtual at::Tensor Usable(const at::Tensor& has_positive,
                            const at::Tensor& has_negative) const = 0;

  // [R, M]: the loss of each positive pair; finite elsewhere.
  virtual at::Tensor PairLosses(const at::Tensor& logits,
                                const at::Tensor& positive,
                                const at::Tensor& negative) const = 0;

  static at::Tensor NearestIsPositive(const at::Tensor& logits,
                                      const at::Tensor& positive,
                                      const at::Tensor& negative) {
    const at::Tensor best =
        logits
            .masked_fill(positive.logical_or(negative).logical_not(),
                         -kInfinity)
            .argmax(1, true);
    return positive.gather(1, best).to(at::kDouble).mean();
  }

  const LossSpec spec_;
  at::Tensor nearest_;
};

class InfoNceLoss : public SoftmaxLoss {
 public:
  using SoftmaxLoss::SoftmaxLoss;

 private:
  at::Tensor Usable(const at::Tensor& has_positive,
                    const at::Tensor& has_negative) const override {
    return has_positive.logical_and(has_negative);
  }

  at::Tensor PairLosses(const at::Tensor& logits,
                        const at::Tensor& /*positive*/,
                        const at::Tensor& negative) const override {
    // -log(e^p / (e^p + e^n)) = log(1 + e^(n - p)).
    return at::softplus(LogSumExp(logits, negative) - logits);
  }
};

class SupervisedContrastiveLoss : public SoftmaxLoss {
 public:
  using SoftmaxLoss::SoftmaxLoss;

 private:
  at::Tensor Usable(const at::Tensor& has_positive,
                    const at::Tensor& /*has_negative*/) const override {
    return has_positive;
  }

  at::Tensor PairLosses(const at::Tensor& logits, const at::Tensor& positive,
                        const at::Tensor& negative) const override {
    return LogSumExp(logits, positive.logical_or(negative)) - logits;
  }
};

}  // namespace

std::shared_ptr<Loss> MakeInfoNceLoss(const LossSpec& spec) {
  return std::make_shared<InfoNceLoss>(spec);
}

std::shared_ptr<Loss> MakeSupervisedContrastiveLoss(const LossSpec& spec) {
  return std::make_shared<SupervisedContrastiveLoss>(spec);
}

}  // namespace likeness
