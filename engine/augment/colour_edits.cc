#include "engine/augment/colour_edits.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <utility>

#include "engine/augment/transform.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

using Matrix = std::array<std::array<double, 3>, 3>;

constexpr std::array<double, 3> kLuma = {0.299, 0.587, 0.114};

// RGB to YIQ (FCC NTSC, 1953) and back; the second and third rows are the
// chrominance.
constexpr Matrix kToYiq = {{{0.299, 0.587, 0.114},
                            {0.5959, -0.2746, -0.3213},
                            {0.2115, -0.5227, 0.3112}}};
constexpr Matrix kFromYiq = {
    {{1, 0.956, 0.619}, {1, -0.272, -0.647}, {1, -1.106, 1.703}}};

Matrix Multiply(const Matrix& a, const Matrix& b) {
  Matrix product{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      for (size_t k = 0; k < 3; ++k) product[i][j] += a[i][k] * b[k][j];
    }
  }
  return product;
}

// `factor` times the distance from the luma.
Matrix SaturationMatrix(double factor) {
  Matrix matrix{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      matrix[i][j] = (1 - factor) * kLuma[j] + (i == j ? factor : 0);
    }
  }
  return matrix;
}

Matrix HueMatrix(double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const Matrix turn = {{{1, 0, 0}, {0, c, -s}, {0, s, c}}};
  return Multiply(kFromYiq, Multiply(turn, kToYiq));
}

double MeanLuma(const Image& image) {
  std::array<uint64_t, 3> sums{};
  const uint8_t* rgb = image.data();
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    for (size_t c = 0; c < 3; ++c) sums[c] += rgb[i + c];
  }
  double luma = 0;
  for (size_t c = 0; c < 3; ++c) {
    luma += kLuma[c] * static_cast<double>(sums[c]);
  }
  const size_t pixels = image.size_bytes() / 3;
  return luma / static_cast<double>(pixels);
}

uint8_t ToSample(float value) {
  return static_cast<uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
}

void Apply(const Matrix& matrix, double offset, Image& image) {
  std::array<std::array<float, 3>, 3> m{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) m[i][j] = static_cast<float>(matrix[i][j]);
  }
  const auto shift = static_cast<float>(offset);
  uint8_t* rgb = image.data();
  for (size_t i = 0; i < image.size_bytes(); i += 3, rgb += 3) {
    const float r = rgb[0];
    const float g = rgb[1];
    const float b = rgb[2];
    for (size_t c = 0; c < 3; ++c) {
      rgb[c] = ToSample(m[c][0] * r + m[c][1] * g + m[c][2] * b + shift);
    }
  }
}

}  // namespace

absl::Status ColourEdit::Validate() const {
  RETURN_IF_ERROR(CheckStrength(Transform::kBrightness, brightness));
  RETURN_IF_ERROR(CheckStrength(Transform::kContrast, contrast));
  RETURN_IF_ERROR(CheckStrength(Transform::kSaturation, saturation));
  RETURN_IF_ERROR(CheckStrength(Transform::kHue, hue));
  return CheckStrength(Transform::kGrey, grey);
}

absl::StatusOr<Image> EditColours(Image image, const ColourEdit& edit) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  RETURN_IF_ERROR(edit.Validate());
  if (edit.brightness == 0 && edit.contrast == 0 && edit.saturation == 0 &&
      edit.hue == 0 && edit.grey == 0) {
    return image;
  }
  Matrix matrix = SaturationMatrix((1 + edit.saturation) * (1 - edit.grey));
  if (edit.hue != 0) matrix = Multiply(HueMatrix(edit.hue), matrix);
  // Grey stays grey through both, so the offset of the contrast does too.
  const double factor = (1 + edit.brightness) * (1 + edit.contrast);
  for (auto& row : matrix) {
    for (double& value : row) value *= factor;
  }
  const double mean =
      edit.contrast == 0 ? 0 : MeanLuma(image) * (1 + edit.brightness);
  Apply(matrix, -edit.contrast * mean, image);
  return image;
}

absl::StatusOr<Image> Brightness(const Image& image, double strength) {
  return EditColours(image.Clone(), {.brightness = strength});
}

absl::StatusOr<Image> Contrast(const Image& image, double strength) {
  return EditColours(image.Clone(), {.contrast = strength});
}

absl::StatusOr<Image> Saturation(const Image& image, double strength) {
  return EditColours(image.Clone(), {.saturation = strength});
}

absl::StatusOr<Image> Hue(const Image& image, double degrees) {
  return EditColours(image.Clone(), {.hue = degrees});
}

absl::StatusOr<Image> Grey(const Image& image, double strength) {
  return EditColours(image.Clone(), {.grey = strength});
}

}  // namespace likeness
