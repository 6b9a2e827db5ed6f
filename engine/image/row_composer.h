#ifndef LIKENESS_ENGINE_IMAGE_ROW_COMPOSER_H_
#define LIKENESS_ENGINE_IMAGE_ROW_COMPOSER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/image/colour.h"

namespace likeness {

// Composes converted rows on white, as the picture's own alpha says.
template <typename Sample>
class RowComposer {
 public:
  RowComposer(const ColourConverter& colour, int channels, int bands,
              bool alpha, int width)
      : colour_(colour),
        channels_(static_cast<size_t>(channels)),
        bands_(static_cast<size_t>(bands)),
        alpha_(alpha),
        width_(static_cast<size_t>(width)),
        rgb_(3 * width_) {
    if (bands_ != channels_) samples_.resize(channels_ * width_);
  }

  // `row` holds `bands` samples a pixel; the result lives until the next call.
  const uint8_t* Compose(const Sample* row) {
    if (bands_ == channels_) {
      colour_.Convert(row, rgb_.data(), width_);
      return rgb_.data();
    }
    for (size_t x = 0; x < width_; ++x) {
      std::copy_n(row + x * bands_, channels_, samples_.data() + x * channels_);
    }
    colour_.Convert(samples_.data(), rgb_.data(), width_);
    if (alpha_) {
      for (size_t x = 0; x < width_; ++x) {
        Blend(row[x * bands_ + channels_], rgb_.data() + 3 * x);
      }
    }
    return rgb_.data();
  }

 private:
  static void Blend(Sample alpha, uint8_t* rgb) {
    constexpr uint32_t kOpaque = std::numeric_limits<Sample>::max();
    for (int c = 0; c < 3; ++c) {
      const uint32_t ink = 255U - rgb[c];
      rgb[c] =
          static_cast<uint8_t>(255U - (ink * alpha + kOpaque / 2) / kOpaque);
    }
  }

  const ColourConverter& colour_;
  const size_t channels_;
  const size_t bands_;
  const bool alpha_;
  const size_t width_;
  std::vector<Sample> samples_;
  std::vector<uint8_t> rgb_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_ROW_COMPOSER_H_
