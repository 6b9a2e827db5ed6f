#include "engine/embed/row_lstm.h"

#include <ATen/ATen.h>

#include <string>
#include <tuple>

#include "engine/embed/conv4.h"

namespace likeness {
namespace {

constexpr int64_t kHidden = 128;  // In each direction.
constexpr int64_t kPixelRows = 32;
constexpr int kConvBlocks = 3;

}  // namespace

RowLstmBase::RowLstmBase(int conv_blocks, int64_t rows, int64_t columns)
    : rows_(rows), columns_(columns) {
  int64_t channels = 1;
  for (int i = 0; i < conv_blocks; ++i) {
    blocks_.push_back(
        register_module("block" + std::to_string(i), MakeConvBlock(channels)));
    channels = kConvBlockChannels;
  }
  lstm_ = register_module(
      "lstm",
      torch::nn::LSTM(torch::nn::LSTMOptions(channels * columns, kHidden)
                          .batch_first(true)
                          .bidirectional(true)));
}

int64_t RowLstmBase::features() const { return 2 * kHidden; }

at::Tensor RowLstmBase::RunStage(size_t stage, const at::Tensor& x) {
  if (stage < blocks_.size()) return blocks_[stage]->forward(x);
  // [N, C, rows, columns] to N sequences of rows, C * columns values each.
  const at::Tensor map = at::adaptive_avg_pool2d(x, {rows_, columns_});
  const at::Tensor rows = map.transpose(1, 2).reshape({map.size(0), rows_, -1});
  const at::Tensor seen = std::get<0>(lstm_->forward(rows));
  return seen.mean(1).reshape({map.size(0), -1, 1, 1});
}

torch::nn::Module& RowLstmBase::stage(size_t stage) {
  if (stage < blocks_.size()) return *blocks_[stage];
  return *lstm_;
}

RowLstmImpl::RowLstmImpl(int /*side*/)
    : RowLstmBase(0, kPixelRows, kPixelRows) {}

ConvRowLstmImpl::ConvRowLstmImpl(int side)
    : RowLstmBase(kConvBlocks, side >> kConvBlocks, side >> kConvBlocks) {}

}  // namespace likeness
