#include "engine/image/edit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/image/decode.h"
#include "engine/image/encode.h"
#include "engine/image/orient.h"
#include "engine/image/resize.h"
#include "engine/image/separable_filter.h"

namespace likeness {
namespace {

constexpr std::array kAllEdits = {
    Edit::kCrop, Edit::kShrink, Edit::kRecompress, Edit::kBrighten,
    Edit::kGrey, Edit::kBorder, Edit::kBlur,       Edit::kMirror};

constexpr int kRecompressQuality = 30;
constexpr int kMaxSigma = 1000;
constexpr uint8_t kFrameLevel = 24;
constexpr int kMirrorOrientation = 2;

size_t RowBytes(const Image& image) {
  return size_t{3} * static_cast<size_t>(image.width());
}

// `count` rows of `bytes` each, from one picture's place to another's.
void CopyRows(const uint8_t* from, size_t from_stride, uint8_t* to,
              size_t to_stride, size_t bytes, int count) {
  for (int y = 0; y < count; ++y) {
    std::memcpy(to, from, bytes);
    from += from_stride;
    to += to_stride;
  }
}

Image Crop(const Image& image) {
  const int left = image.width() / 10;
  const int top = image.height() / 10;
  Image inner(image.width() - 2 * left, image.height() - 2 * top);
  const uint8_t* from = image.data() +
                        static_cast<size_t>(top) * RowBytes(image) +
                        size_t{3} * static_cast<size_t>(left);
  CopyRows(from, RowBytes(image), inner.data(), RowBytes(inner),
           RowBytes(inner), inner.height());
  return inner;
}

Image AddBorder(const Image& image) {
  const int frame = std::max(1, std::min(image.width(), image.height()) / 10);
  Image framed(image.width() + 2 * frame, image.height() + 2 * frame);
  std::memset(framed.data(), kFrameLevel, framed.size_bytes());
  uint8_t* to = framed.data() + static_cast<size_t>(frame) * RowBytes(framed) +
                size_t{3} * static_cast<size_t>(frame);
  CopyRows(image.data(), RowBytes(image), to, RowBytes(framed), RowBytes(image),
           image.height());
  return framed;
}

Image Brighten(const Image& image) {
  Image brighter = image.Clone();
  for (size_t i = 0; i < brighter.size_bytes(); ++i) {
    uint8_t& sample = brighter.data()[i];
    sample = static_cast<uint8_t>(std::min(255, (sample * 13 + 5) / 10));
  }
  return brighter;
}

Image MakeGrey(const Image& image) {
  Image grey = image.Clone();
  for (size_t i = 0; i < grey.size_bytes(); i += 3) {
    uint8_t* rgb = grey.data() + i;
    const int luma = (299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000;
    std::memset(rgb, luma, 3);
  }
  return grey;
}

FilterTaps GaussianTaps(int length, double sigma) {
  const int reach = std::max(1, static_cast<int>(std::ceil(3 * sigma)));
  FilterTaps taps;
  std::vector<float> weights;
  for (int i = 0; i < length; ++i) {
    const int first = std::max(0, i - reach);
    const int last = std::min(length - 1, i + reach);
    weights.clear();
    for (int j = first; j <= last; ++j) {
      const double x = (j - i) / sigma;
      weights.push_back(static_cast<float>(std::exp(-x * x / 2)));
    }
    taps.Add(first, weights);
  }
  return taps;
}

}  // namespace

absl::Span<const Edit> AllEdits() { return kAllEdits; }

absl::string_view EditName(Edit edit) {
  switch (edit) {
    case Edit::kCrop:
      return "crop";
    case Edit::kShrink:
      return "shrink";
    case Edit::kRecompress:
      return "recompress";
    case Edit::kBrighten:
      return "brighten";
    case Edit::kGrey:
      return "grey";
    case Edit::kBorder:
      return "border";
    case Edit::kBlur:
      return "blur";
    case Edit::kMirror:
      return "mirror";
  }
  return "unknown";
}

absl::StatusOr<Image> ApplyEdit(const Image& image, Edit edit) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  switch (edit) {
    case Edit::kCrop:
      return Crop(image);
    case Edit::kShrink:
      return Resize(image, std::max(1, image.width() / 2),
                    std::max(1, image.height() / 2));
    case Edit::kRecompress:
      return Recompress(image, kRecompressQuality);
    case Edit::kBrighten:
      return Brighten(image);
    case Edit::kGrey:
      return MakeGrey(image);
    case Edit::kBorder:
      return AddBorder(image);
    case Edit::kBlur:
      return GaussianBlur(image,
                          std::min(image.width(), image.height()) / 100.0);
    case Edit::kMirror:
      return Mirror(image);
  }
  return absl::InvalidArgumentError("unknown edit");
}

absl::StatusOr<Image> GaussianBlur(const Image& image, double sigma) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  if (!(sigma >= 0 && sigma <= kMaxSigma)) {
    return InvalidField("sigma",
                        absl::StrCat(sigma, " is not in 0..", kMaxSigma));
  }
  if (sigma == 0) return image.Clone();
  return ApplySeparable(image, GaussianTaps(image.width(), sigma),
                        GaussianTaps(image.height(), sigma));
}

absl::StatusOr<Image> Recompress(const Image& image, int quality) {
  ASSIGN_OR_RETURN(const std::string jpeg, EncodeJpeg(image, quality));
  ASSIGN_OR_RETURN(DecodedImage decoded, DecodeImage(jpeg, DecodeLimits{}));
  return std::move(decoded.image);
}

absl::StatusOr<Image> Mirror(const Image& image) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  return Orient(image.Clone(), kMirrorOrientation);
}

}  // namespace likeness
