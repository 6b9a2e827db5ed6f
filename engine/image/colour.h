// Device colours to sRGB.
#ifndef LIKENESS_ENGINE_IMAGE_COLOUR_H_
#define LIKENESS_ENGINE_IMAGE_COLOUR_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"

namespace likeness {

// How decoded samples lie in memory: interleaved, without alpha.
struct SampleLayout {
  int channels = 3;   // 1 grey, 3 RGB, 4 CMYK (0 is no ink).
  bool wide = false;  // 16 bits a sample in native order, else 8.
};

// Turns rows of samples into 8-bit sRGB rows: by an ICC profile where there is
// a usable one, by the plain formula otherwise. Not thread-safe; one object a
// picture.
class ColourConverter {
 public:
  // `icc` may be empty. A profile that is broken, or of another colour model
  // than the samples, is ignored, as is one that means sRGB: such a picture
  // takes the plain path.
  ColourConverter(absl::string_view icc, SampleLayout layout);
  ~ColourConverter();
  ColourConverter(const ColourConverter&) = delete;
  ColourConverter& operator=(const ColourConverter&) = delete;

  // True when samples that are 8-bit RGB already are the result.
  bool IsIdentity() const;

  // `samples`: `pixels` pixels of the layout; `rgb`: 3 x `pixels` bytes. Both
  // may be the same 8-bit RGB row.
  void Convert(const void* samples, uint8_t* rgb, size_t pixels) const;

 private:
  struct Profile;

  SampleLayout layout_;
  std::unique_ptr<Profile> profile_;  // Null: the plain formula.
};

// 16 bits to 8, rounded.
constexpr uint8_t Narrow(uint16_t sample) {
  return static_cast<uint8_t>((uint32_t{sample} * 255 + 32767) / 65535);
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_COLOUR_H_
