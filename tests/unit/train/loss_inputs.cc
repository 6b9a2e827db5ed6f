#include "tests/unit/train/loss_inputs.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>

#include "engine/train/pair_masks.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness::testing {

at::Tensor Matrix(const Rows& rows) {
  const auto columns =
      static_cast<int64_t>(rows.empty() ? 0 : rows.front().size());
  at::Tensor matrix =
      at::empty({static_cast<int64_t>(rows.size()), columns}, at::kDouble);
  double* out = matrix.data_ptr<double>();
  for (const std::vector<double>& row : rows) {
    out = std::copy(row.begin(), row.end(), out);
  }
  return matrix;
}

at::Tensor Mask(const Rows& rows) { return Matrix(rows).to(at::kBool); }

at::Tensor Integers(const std::vector<int64_t>& all) {
  return at::tensor(all, at::kLong);
}

LossInput ClassBatch(const Rows& batch, const std::vector<int64_t>& labels,
                     const Rows& memory,
                     const std::vector<int64_t>& memory_labels) {
  const auto rows = static_cast<int64_t>(batch.size());
  const auto all = rows + static_cast<int64_t>(memory.size());
  LossInput input;
  input.anchors = Matrix(batch);
  input.labels = Integers(labels);
  PairKeys memory_keys;
  input.references = input.anchors;
  if (!memory.empty()) {
    memory_keys = {Integers(memory_labels), at::arange(rows, all, at::kLong)};
    input.references = at::cat({input.anchors, Matrix(memory)});
  }
  const PairMasks masks = MakePairMasks(
      {}, {input.labels, at::arange(rows, at::kLong)}, memory_keys);
  input.positive = masks.positive;
  input.negative = masks.negative;
  return input;
}

LossInput OneAnchor(const std::vector<double>& anchor, const Rows& positives,
                    const Rows& negatives) {
  Rows references = {anchor};
  std::vector<double> positive = {0};
  std::vector<double> negative = {0};
  for (const std::vector<double>& row : positives) {
    references.push_back(row);
    positive.push_back(1);
    negative.push_back(0);
  }
  for (const std::vector<double>& row : negatives) {
    references.push_back(row);
    positive.push_back(0);
    negative.push_back(1);
  }
  LossInput input;
  input.anchors = Matrix({anchor});
  input.references = Matrix(references);
  input.positive = Mask({positive});
  input.negative = Mask({negative});
  input.labels = Integers({0});
  return input;
}

std::vector<double> AtCosine(double cosine) {
  return {cosine, std::sqrt(1 - cosine * cosine)};
}

LossInput WithAnchors(const LossInput& input, const at::Tensor& anchors) {
  LossInput moved = input;
  const int64_t rows = anchors.size(0);
  moved.anchors = anchors;
  moved.references =
      at::cat({anchors, input.references.narrow(
                            0, rows, input.references.size(0) - rows)});
  return moved;
}

std::shared_ptr<Loss> LossOf(const LossSpec& spec, int num_classes,
                             int dimensions) {
  auto loss = MakeLoss(spec, num_classes, dimensions);
  EXPECT_OK(loss);
  (*loss)->to(at::kDouble);
  return *std::move(loss);
}

double ValueOf(Loss& loss, const LossInput& input) {
  return loss.Compute(input).item<double>();
}

double StatisticNamed(const Loss& loss, const std::string& name) {
  for (const LossStatistic& statistic : loss.Statistics()) {
    if (statistic.name == name) return statistic.value;
  }
  ADD_FAILURE() << "there is no statistic " << name;
  return NAN;
}

at::Tensor Gradient(
    const std::function<at::Tensor(const at::Tensor&)>& function,
    const at::Tensor& x) {
  const at::Tensor leaf = x.detach().clone().requires_grad_();
  return torch::autograd::grad({function(leaf)}, {leaf}).front();
}

at::Tensor NumericalGradient(
    const std::function<at::Tensor(const at::Tensor&)>& function,
    const at::Tensor& x) {
  constexpr double kStep = 1e-6;
  at::Tensor gradient = at::zeros_like(x);
  double* out = gradient.data_ptr<double>();
  for (int64_t i = 0; i < x.numel(); ++i) {
    const auto at = [&](double step) {
      const at::Tensor moved = x.detach().clone();
      moved.data_ptr<double>()[i] += step;
      return function(moved).item<double>();
    };
    out[i] = (at(kStep) - at(-kStep)) / (2 * kStep);
  }
  return gradient;
}

double Apart(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

}  // namespace likeness::testing
