// Recurrent networks (Hochreiter and Schmidhuber 1997) that read a small
// picture of one channel as a sequence of its rows, from the top and from the
// bottom, and average what they have seen: for signatures and handwriting.
//
// Includes LibTorch: only for the .cc files of rooms that link it.
#ifndef LIKENESS_ENGINE_EMBED_ROW_LSTM_H_
#define LIKENESS_ENGINE_EMBED_ROW_LSTM_H_

#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/rnn.h>

#include <vector>

#include "engine/embed/network.h"

namespace likeness {

// Optional convolution blocks, then the recurrence over the rows of the map.
class RowLstmBase : public Network {
 public:
  int64_t features() const override;
  int64_t channels() const override { return 1; }
  size_t num_stages() const override { return blocks_.size() + 1; }
  at::Tensor RunStage(size_t stage, const at::Tensor& x) override;
  torch::nn::Module& stage(size_t stage) override;

 protected:
  // `rows` x `columns`: what the map is averaged down to before it is read.
  RowLstmBase(int conv_blocks, int64_t rows, int64_t columns);

 private:
  const int64_t rows_;
  const int64_t columns_;
  std::vector<torch::nn::Sequential> blocks_;
  torch::nn::LSTM lstm_ = nullptr;
};

// "lstm": the pixels themselves, at 32 x 32.
class RowLstmImpl : public RowLstmBase {
 public:
  explicit RowLstmImpl(int side);
};

// "cnn_lstm": behind three convolution blocks, rows of side/8 places.
class ConvRowLstmImpl : public RowLstmBase {
 public:
  explicit ConvRowLstmImpl(int side);  // A multiple of 8.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_ROW_LSTM_H_
