#include "engine/image/row_sink.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace likeness {
namespace {

int Divide(int side, int factor) { return (side + factor - 1) / factor; }

}  // namespace

int ShrinkFactor(int width, int height, int target_side) {
  if (target_side <= 0) return 1;
  const int shorter = std::min(width, height);
  int factor = 1;
  while (factor < 8 && Divide(shorter, factor * 2) >= target_side) factor *= 2;
  return factor;
}

RowSink::RowSink(int width, int height, int factor)
    : width_(width),
      height_(height),
      factor_(factor),
      image_(Divide(width, factor), Divide(height, factor)) {
  // 8 x 8 bytes sum up to less than 16 bits.
  if (factor_ > 1)
    sums_.resize(size_t{3} * static_cast<size_t>(image_.width()));
}

void RowSink::AddRow(const uint8_t* rgb) {
  if (factor_ == 1) {
    const size_t row = size_t{3} * static_cast<size_t>(width_);
    std::memcpy(image_.data() + static_cast<size_t>(rows_in_) * row, rgb, row);
    ++rows_in_;
    return;
  }
  for (int x = 0, column = 0; x < width_; x += factor_, ++column) {
    uint16_t* sum = sums_.data() + size_t{3} * static_cast<size_t>(column);
    const int end = std::min(x + factor_, width_);
    for (int i = x; i < end; ++i, rgb += 3) {
      sum[0] = static_cast<uint16_t>(sum[0] + rgb[0]);
      sum[1] = static_cast<uint16_t>(sum[1] + rgb[1]);
      sum[2] = static_cast<uint16_t>(sum[2] + rgb[2]);
    }
  }
  ++rows_in_;
  if (rows_in_ % factor_ == 0 || rows_in_ == height_) FinishBlockRow();
}

void RowSink::FinishBlockRow() {
  const int block_row = (rows_in_ - 1) / factor_;
  const int rows = rows_in_ - block_row * factor_;
  uint8_t* to = image_.data() + size_t{3} * static_cast<size_t>(block_row) *
                                    static_cast<size_t>(image_.width());
  for (int column = 0; column < image_.width(); ++column) {
    const int columns = std::min(factor_, width_ - column * factor_);
    const int count = rows * columns;
    for (int c = 0; c < 3; ++c) {
      const size_t at =
          size_t{3} * static_cast<size_t>(column) + static_cast<size_t>(c);
      to[at] = static_cast<uint8_t>((sums_[at] + count / 2) / count);
      sums_[at] = 0;
    }
  }
}

Image RowSink::Take() && { return std::move(image_); }

}  // namespace likeness
