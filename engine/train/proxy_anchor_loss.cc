#include <ATen/ATen.h>

#include <cmath>

#include "engine/train/distance.h"
#include "engine/train/losses.h"

namespace likeness {
namespace {

// log(1 + the sum of exp over the entries of `mask`), [N, P] to [P]; 0 for a
// proxy without any.
at::Tensor LogOnePlusSumExp(const at::Tensor& exponents,
                            const at::Tensor& mask) {
  const at::Tensor one = at::zeros({1, exponents.size(1)}, exponents.options());
  return at::cat({one, exponents.masked_fill(mask.logical_not(), -kInfinity)},
                 0)
      .logsumexp(0);
}

class ProxyAnchorLoss : public Loss {
 public:
  ProxyAnchorLoss(const LossSpec& spec, int num_classes, int dimensions)
      : spec_(spec) {
    const double deviation = std::sqrt(2.0 / num_classes);
    proxies_ = register_parameter(
        "proxies", at::randn({num_classes, dimensions}) * deviation);
  }

  at::Tensor Compute(const LossInput& input) override {
    const at::Tensor cosines = PairwiseCosines(
        input.anchors, proxies_.to(input.anchors.scalar_type()));
    const at::Tensor classes =
        at::arange(proxies_.size(0), input.labels.options());
    const at::Tensor labels = input.labels.unsqueeze(1);
    const at::Tensor positive = labels == classes;
    const at::Tensor negative = (labels >= 0).logical_and(labels != classes);

    const at::Tensor pull = LogOnePlusSumExp(
        (spec_.margin - cosines) * spec_.positive_scale, positive);
    const at::Tensor push = LogOnePlusSumExp(
        (cosines + spec_.margin) * spec_.negative_scale, negative);
    // Proxies without positives add 0 to the first sum, which is over the
    // others.
    return pull.sum() / positive.any(0).sum().clamp_min(1) + push.mean();
  }

 private:
  const LossSpec spec_;
  at::Tensor proxies_;
};

}  // namespace

std::shared_ptr<Loss> MakeProxyAnchorLoss(const LossSpec& spec, int num_classes,
                                          int dimensions) {
  return std::make_shared<ProxyAnchorLoss>(spec, num_classes, dimensions);
}

}  // namespace likeness
