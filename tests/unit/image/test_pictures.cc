#include "tests/unit/image/test_pictures.h"

#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <random>

#include "gtest/gtest.h"
#include "tests/support/test_files.h"

namespace likeness::testing {

Image MakeQuarters(int width, int height) {
  constexpr std::array<std::array<int, 3>, 4> kColours = {
      {{200, 30, 30}, {30, 180, 30}, {220, 220, 220}, {30, 30, 200}}};
  Image image(width, height);
  uint8_t* rgb = image.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const size_t quarter =
          (2 * x >= width ? 1U : 0U) + (2 * y >= height ? 2U : 0U);
      const int ramp = 30 * x / width + 5 * y / height;
      for (const int level : kColours[quarter]) {
        *rgb++ = static_cast<uint8_t>(level + ramp);
      }
    }
  }
  return image;
}

Image MakeScene(int width, int height) {
  struct Wave {
    double across, down, phase, strength;
  };
  std::mt19937 random(7);
  const auto uniform = [&] {
    return static_cast<double>(random()) / 4294967296.0;
  };
  std::vector<Wave> waves(60);
  for (Wave& wave : waves) {
    wave = {12 * uniform(), 12 * uniform(), 2 * M_PI * uniform(), 0};
    wave.strength = 40 / (1 + std::hypot(wave.across, wave.down));
  }
  Image image(width, height);
  uint8_t* rgb = image.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double level = 128;
      for (const Wave& wave : waves) {
        level +=
            wave.strength *
            std::cos(2 * M_PI *
                         (wave.across * x / width + wave.down * y / height) +
                     wave.phase);
      }
      const double clipped = std::min(std::max(level, 0.0), 255.0);
      for (int c = 0; c < 3; ++c) *rgb++ = static_cast<uint8_t>(clipped);
    }
  }
  return image;
}

Image MakeNoise(int width, int height) {
  Image image(width, height);
  uint8_t* rgb = image.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        *rgb++ = static_cast<uint8_t>(x * x * 7 + y * 13 + c * 50 + x * y);
      }
    }
  }
  return image;
}

std::string Encode(const Image& image, const std::string& suffix,
                   int orientation) {
  static const bool up = VIPS_INIT("image_test") == 0;
  EXPECT_TRUE(up);
  VipsImage* memory = vips_image_new_from_memory_copy(
      image.data(), image.size_bytes(), image.width(), image.height(), 3,
      VIPS_FORMAT_UCHAR);
  VipsImage* tagged = nullptr;
  EXPECT_EQ(vips_copy(memory, &tagged, "interpretation",
                      VIPS_INTERPRETATION_sRGB, nullptr),
            0);
  if (orientation != 1) {
    vips_image_set_int(tagged, VIPS_META_ORIENTATION, orientation);
    // PNG takes the whole EXIF block alone: one directory, one SHORT entry.
    const std::string exif = std::string("Exif\0\0II*\0\x08\0\0\0\x01\0", 16) +
                             std::string("\x12\x01\x03\0\x01\0\0\0", 8) +
                             static_cast<char>(orientation) +
                             std::string(7, '\0');
    vips_image_set_blob_copy(tagged, VIPS_META_EXIF_NAME, exif.data(),
                             exif.size());
  }
  void* buffer = nullptr;
  size_t size = 0;
  EXPECT_EQ(vips_image_write_to_buffer(tagged, suffix.c_str(), &buffer, &size,
                                       nullptr),
            0)
      << suffix << ": " << vips_error_buffer();
  std::string bytes(static_cast<const char*>(buffer), size);
  g_free(buffer);
  g_object_unref(tagged);
  g_object_unref(memory);
  return bytes;
}

std::vector<uint8_t> GridOf(const Image& image) {
  std::vector<uint8_t> grid;
  for (int row = 0; row < 8; ++row) {
    const int top = row * image.height() / 8;
    const int bottom = std::max((row + 1) * image.height() / 8, top + 1);
    for (int column = 0; column < 8; ++column) {
      const int left = column * image.width() / 8;
      const int right = std::max((column + 1) * image.width() / 8, left + 1);
      for (int c = 0; c < 3; ++c) {
        double sum = 0;
        for (int y = top; y < bottom; ++y) {
          for (int x = left; x < right; ++x) {
            sum +=
                image.data()[3 * (static_cast<size_t>(y) * image.width() + x) +
                             c];
          }
        }
        const int count = (bottom - top) * (right - left);
        grid.push_back(static_cast<uint8_t>(std::floor(sum / count + 0.5)));
      }
    }
  }
  return grid;
}

int LargestDifference(const std::vector<uint8_t>& a,
                      const std::vector<uint8_t>& b) {
  if (a.size() != b.size()) return 256;
  int largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

nlohmann::json ReadGolden(const std::string& name) {
  return nlohmann::json::parse(
      ReadFileOrFail(SourceDir() + "/tests/unit/image/" + name));
}

std::vector<uint8_t> FromHex(const std::string& digits) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(
        static_cast<uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

}  // namespace likeness::testing
