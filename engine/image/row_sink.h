#ifndef LIKENESS_ENGINE_IMAGE_ROW_SINK_H_
#define LIKENESS_ENGINE_IMAGE_ROW_SINK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/image/image.h"

namespace likeness {

// The largest of 1, 2, 4, 8 that a `width` x `height` picture may be divided by
// when its shorter side has to keep `target_side` pixels (0: all of them).
int ShrinkFactor(int width, int height, int target_side);

// Takes the rows of a picture from the top and keeps them, or the mean of each
// factor x factor block of them: what JPEG's DCT scaling does for JPEG. So a
// large picture never lies in memory whole. Blocks at the right and bottom may
// be partial; sizes are rounded up.
class RowSink {
 public:
  RowSink(int width, int height, int factor);

  // Takes `rgb`, one row of 3 x width bytes. Called `height` times.
  void AddRow(const uint8_t* rgb);

  // The picture, once every row is in.
  Image Take() &&;

 private:
  void FinishBlockRow();

  const int width_;
  const int height_;
  const int factor_;
  Image image_;
  int rows_in_ = 0;
  std::vector<uint16_t> sums_;  // Of the block row at hand; factor above 1.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_ROW_SINK_H_
