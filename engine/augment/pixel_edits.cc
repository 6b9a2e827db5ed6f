#include "engine/augment/pixel_edits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "engine/augment/transform.h"
#include "engine/core/status_macros.h"
#include "engine/image/edit.h"
#include "engine/image/resize.h"

namespace likeness {
namespace {

int ShorterSide(const Image& image) {
  return std::min(image.width(), image.height());
}

// Sets the pixels of [left, right) x [top, bottom) to their mean.
void Flatten(Image& image, int left, int top, int right, int bottom) {
  std::array<uint32_t, 3> sums{};
  const auto each = [&](const auto& visit) {
    for (int y = top; y < bottom; ++y) {
      uint8_t* rgb =
          image.data() + size_t{3} * (static_cast<size_t>(y) *
                                          static_cast<size_t>(image.width()) +
                                      static_cast<size_t>(left));
      for (int x = left; x < right; ++x, rgb += 3) visit(rgb);
    }
  };
  each([&](const uint8_t* rgb) {
    for (size_t c = 0; c < 3; ++c) sums[c] += rgb[c];
  });
  const auto count = static_cast<uint32_t>((right - left) * (bottom - top));
  each([&](uint8_t* rgb) {
    for (size_t c = 0; c < 3; ++c) {
      rgb[c] = static_cast<uint8_t>((sums[c] + count / 2) / count);
    }
  });
}

}  // namespace

absl::StatusOr<Image> Ink(const Image& image, double strength) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kInk, strength));
  Image result = image.Clone();
  const auto extreme = [strength](uint8_t a, uint8_t b) {
    return strength > 0 ? std::min(a, b) : std::max(a, b);
  };
  const auto at = [&image](int x, int y) {
    x = std::clamp(x, 0, image.width() - 1);
    y = std::clamp(y, 0, image.height() - 1);
    return image.data() + size_t{3} * (static_cast<size_t>(y) *
                                           static_cast<size_t>(image.width()) +
                                       static_cast<size_t>(x));
  };
  const auto share = static_cast<float>(std::abs(strength));
  uint8_t* out = result.data();
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x, out += 3) {
      std::array<uint8_t, 3> found = {out[0], out[1], out[2]};
      for (int i = 0; i < 9; ++i) {
        const uint8_t* rgb = at(x + i % 3 - 1, y + i / 3 - 1);
        for (size_t c = 0; c < 3; ++c) found[c] = extreme(found[c], rgb[c]);
      }
      for (size_t c = 0; c < 3; ++c) {
        const auto own = static_cast<float>(out[c]);
        out[c] = static_cast<uint8_t>(
            own + (static_cast<float>(found[c]) - own) * share + 0.5F);
      }
    }
  }
  return result;
}

absl::StatusOr<Image> Pixelate(const Image& image, double share) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kPixelate, share));
  const int block = static_cast<int>(std::lround(share * ShorterSide(image)));
  Image result = image.Clone();
  if (block < 2) return result;
  for (int y = 0; y < image.height(); y += block) {
    for (int x = 0; x < image.width(); x += block) {
      Flatten(result, x, y, std::min(x + block, image.width()),
              std::min(y + block, image.height()));
    }
  }
  return result;
}

absl::StatusOr<Image> StrongResize(const Image& image, double loss) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kResize, loss));
  const auto reduced = [loss](int side) {
    return std::max(1, static_cast<int>(std::lround(side * (1 - loss))));
  };
  ASSIGN_OR_RETURN(const Image small, Resize(image, reduced(image.width()),
                                             reduced(image.height())));
  return Resize(small, image.width(), image.height());
}

absl::StatusOr<Image> Blur(const Image& image, double share) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kBlur, share));
  return GaussianBlur(image, share * ShorterSide(image));
}

absl::StatusOr<Image> Noise(const Image& image, double sigma, Random& random) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kNoise, sigma));
  Image result = image.Clone();
  if (sigma == 0) return result;
  // Sums of four bytes: two samples for each draw, since a view has a hundred
  // thousand. Mean 510, variance 4 (256^2 - 1) / 12.
  const double scale = sigma / std::sqrt(4 * (65536.0 - 1) / 12);
  const auto factor = static_cast<float>(scale);
  uint64_t bits = 0;
  for (size_t i = 0; i < result.size_bytes(); ++i) {
    bits = i % 2 == 0 ? random.Next() : bits >> 32;
    const auto sum =
        static_cast<int>((bits & 255) + ((bits >> 8) & 255) +
                         ((bits >> 16) & 255) + ((bits >> 24) & 255));
    const float value = static_cast<float>(result.data()[i]) +
                        factor * static_cast<float>(sum - 510);
    result.data()[i] =
        static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
  }
  return result;
}

absl::StatusOr<Image> JpegArtefacts(const Image& image, double strength) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kJpeg, strength));
  if (strength == 0) return image.Clone();
  return Recompress(image, 100 - static_cast<int>(std::lround(strength)));
}

}  // namespace likeness
