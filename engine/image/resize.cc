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
// results the tests compare with. The outputs share `extent` inputs, the first
// of which begins at `begin`, of a line of `from`.
FilterTaps MakeTaps(int from, double begin, double extent, int to) {
  const double scale = extent / to;
  const double stretch = std::max(scale, 1.0);
  FilterTaps taps;
  std::vector<float> weights;
  for (int i = 0; i < to; ++i) {
    const double centre = begin + (i + 0.5) * scale;
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

// Up to what rounding makes of a sum.
bool IsInside(double begin, double extent, int length) {
  constexpr double kSlack = 1e-6;
  return begin >= -kSlack && extent > 0 && begin + extent <= length + kSlack;
}

absl::Status CheckSide(absl::string_view name, int side) {
  if (side >= 1 && side <= kMaxSide) return absl::OkStatus();
  return InvalidField(name, absl::StrCat(side, " is not in 1..", kMaxSide));
}

}  // namespace

absl::StatusOr<Image> Resize(const Image& image, int width, int height) {
  if (image.width() == width && image.height() == height && !image.empty()) {
    return image.Clone();
  }
  return ResizeRegion(image,
                      {.left = 0,
                       .top = 0,
                       .width = static_cast<double>(image.width()),
                       .height = static_cast<double>(image.height())},
                      width, height);
}

absl::StatusOr<Image> ResizeRegion(const Image& image, const Region& region,
                                   int width, int height) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  RETURN_IF_ERROR(CheckSide("width", width));
  RETURN_IF_ERROR(CheckSide("height", height));
  if (!IsInside(region.left, region.width, image.width()) ||
      !IsInside(region.top, region.height, image.height())) {
    return InvalidField("region", "is not inside the picture");
  }
  return ApplySeparable(
      image, MakeTaps(image.width(), region.left, region.width, width),
      MakeTaps(image.height(), region.top, region.height, height));
}

}  // namespace likeness
