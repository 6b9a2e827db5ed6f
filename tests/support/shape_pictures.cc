#include "tests/support/shape_pictures.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <numbers>

#include "absl/strings/str_format.h"
#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/image/encode.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness::testing {
namespace {

constexpr int kSide = 48;
constexpr int kWaves = 4;

// Radius of the outline against the angle, about 1: a few waves of the class's
// own height and place.
class Outline {
 public:
  explicit Outline(uint64_t shape) {
    Random random(shape, 1);
    for (Wave& wave : waves_) {
      wave.height = random.Uniform(-0.3, 0.3);
      wave.start = random.Uniform(0, 2 * std::numbers::pi);
    }
  }

  double RadiusAt(double angle) const {
    double radius = 1;
    for (int i = 0; i < kWaves; ++i) {
      radius += waves_[i].height * std::cos((i + 1) * angle + waves_[i].start);
    }
    return radius;
  }

 private:
  struct Wave {
    double height;
    double start;
  };
  std::array<Wave, kWaves> waves_{};
};

}  // namespace

Image ShapeImage(uint64_t shape, uint64_t number) {
  const Outline outline(shape);
  Random random(shape, number + 2);
  const double x0 = kSide / 2.0 + random.Uniform(-4, 4);
  const double y0 = kSide / 2.0 + random.Uniform(-4, 4);
  const double size = random.Uniform(11, 15);
  const double turn = random.Uniform(-0.25, 0.25);
  const auto paper = static_cast<uint8_t>(random.Uniform(220, 255));
  const auto ink = static_cast<uint8_t>(random.Uniform(0, 60));
  Image image(kSide, kSide);
  uint8_t* out = image.data();
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double dx = x - x0;
      const double dy = y - y0;
      const double edge = size * outline.RadiusAt(std::atan2(dy, dx) + turn);
      const uint8_t value =
          std::abs(std::hypot(dx, dy) - edge) < 2 ? ink : paper;
      for (int channel = 0; channel < 3; ++channel) *out++ = value;
    }
  }
  return image;
}

void WriteShapes(const std::string& folder, int classes, int pictures) {
  for (int c = 0; c < classes; ++c) {
    const std::string class_folder = absl::StrFormat("%s/shape%02d", folder, c);
    std::filesystem::create_directories(class_folder);
    for (int i = 0; i < pictures; ++i) {
      const auto jpeg = EncodeJpeg(
          ShapeImage(static_cast<uint64_t>(c), static_cast<uint64_t>(i)), 95);
      ASSERT_OK(jpeg);
      ASSERT_OK(WriteFileDurably(
          absl::StrFormat("%s/%02d.jpg", class_folder, i), *jpeg));
    }
  }
}

}  // namespace likeness::testing
