#include "engine/image/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/image/separable_filter.h"

namespace likeness {
namespace {

constexpr int kMaxSide = 32'768;

// Cubic convolution with a = -1/2 (Catmull-Rom): Keys, "Cubic Convolution
// Interpolation for Digital Image Processing" (1981), equation 15.
double CatmullRom(double x) {
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

constexpr double kSupport = 2;

// The filter is stretched by the reduction, so that it covers every source
// pixel; enlarging interpolates. As Pillow's Image.resize does it, whose
// results the tests compare with.
FilterTaps MakeTaps(int from, int to) {
  const double scale = static_cast<double>(from) / to;
  const double stretch = std::max(scale, 1.0);
  FilterTaps taps;
  std::vector<float> weights;
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * scale;
    const int first =
        std::max(0, static_cast<int>(centre - kSupport * stretch + 0.5));
    const int end =
        std::min(from, static_cast<int>(centre + kSupport * stretch + 0.5));
    weights.clear();
    for (int j = first; j < end; ++j) {
      weights.push_back(
          static_cast<float>(CatmullRom((j + 0.5 - centre) / stretch)));
    }
    taps.Add(first, weights);
  }
  return taps;
}

absl::Status CheckSide(absl::string_view name, int side) {
  if (side >= 1 && side <= kMaxSide) return absl::OkStatus();
  return InvalidField(name, absl::StrCat(side, " is not in 1..", kMaxSide));
}

}  // namespace

absl::StatusOr<Image> Resize(const Image& image, int width, int height) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  RETURN_IF_ERROR(CheckSide("width", width));
  RETURN_IF_ERROR(CheckSide("height", height));
  if (image.width() == width && image.height() == height) return image.Clone();
  return ApplySeparable(image, MakeTaps(image.width(), width),
                        MakeTaps(image.height(), height));
}

}  // namespace likeness
