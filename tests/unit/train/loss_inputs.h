// Small batches for the tests of losses, in double precision.
#ifndef LIKENESS_TESTS_UNIT_TRAIN_LOSS_INPUTS_H_
#define LIKENESS_TESTS_UNIT_TRAIN_LOSS_INPUTS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/train/loss.h"

namespace likeness::testing {

using Rows = std::vector<std::vector<double>>;

at::Tensor Matrix(const Rows& rows);                   // double [N, D]
at::Tensor Mask(const Rows& rows);                     // bool, of 0 and 1
at::Tensor Integers(const std::vector<int64_t>& all);  // int64 [N]

// A batch of which every picture is another, compared by class: with itself and
// then with `memory`.
LossInput ClassBatch(const Rows& batch, const std::vector<int64_t>& labels,
                     const Rows& memory = {},
                     const std::vector<int64_t>& memory_labels = {});

// The one anchor `anchor` and the references behind it: first positives, then
// negatives.
LossInput OneAnchor(const std::vector<double>& anchor, const Rows& positives,
                    const Rows& negatives);

// {cosine, sine}: a unit vector with that cosine to {1, 0}.
std::vector<double> AtCosine(double cosine);

// `input` with other anchors, which stand first among its references too.
LossInput WithAnchors(const LossInput& input, const at::Tensor& anchors);

// MakeLoss in double precision, which has to succeed.
std::shared_ptr<Loss> LossOf(const LossSpec& spec, int num_classes = 3,
                             int dimensions = 2);

double ValueOf(Loss& loss, const LossInput& input);

// The statistic called `name`, which there has to be.
double StatisticNamed(const Loss& loss, const std::string& name);

// The gradient of the scalar `function` at `x`, by autograd and by central
// differences.
at::Tensor Gradient(
    const std::function<at::Tensor(const at::Tensor&)>& function,
    const at::Tensor& x);
at::Tensor NumericalGradient(
    const std::function<at::Tensor(const at::Tensor&)>& function,
    const at::Tensor& x);

// The largest absolute difference of two tensors.
double Apart(const at::Tensor& a, const at::Tensor& b);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_TRAIN_LOSS_INPUTS_H_
