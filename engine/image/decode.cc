#include "engine/image/decode.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/image/decoders.h"
#include "engine/image/picture_error.h"
#include "engine/image/sniff.h"

namespace likeness {
namespace {

// JPEG, PNG, GIF and BMP readers hold sides in 16 to 31 bits; a limit above
// this would promise what no format here can keep.
constexpr int kLargestSide = 65'535;
constexpr uint64_t kMostPixels = uint64_t{1} << 32;
constexpr uint64_t kMostBytes = uint64_t{1} << 31;

absl::Status NotDecodable(absl::string_view bytes) {
  const absl::string_view foreign = NameOfForeignFormat(bytes);
  if (!foreign.empty()) return UnsupportedPicture(foreign);
  return WithReason(
      absl::InvalidArgumentError("the bytes are not those of a picture"),
      kReasonNotAPicture);
}

}  // namespace

absl::Status DecodeLimits::Validate() const {
  if (max_bytes < 1 || max_bytes > kMostBytes) {
    return InvalidField("max_bytes",
                        absl::StrCat(max_bytes, " is not in 1..", kMostBytes));
  }
  if (max_pixels < 1 || max_pixels > kMostPixels) {
    return InvalidField(
        "max_pixels", absl::StrCat(max_pixels, " is not in 1..", kMostPixels));
  }
  if (max_side < 1 || max_side > kLargestSide) {
    return InvalidField("max_side",
                        absl::StrCat(max_side, " is not in 1..", kLargestSide));
  }
  if (max_frames < 1) {
    return InvalidField("max_frames", absl::StrCat(max_frames, " is below 1"));
  }
  return absl::OkStatus();
}

absl::StatusOr<DecodedImage> DecodeImage(absl::string_view bytes,
                                         const DecodeLimits& limits,
                                         int target_side) {
  RETURN_IF_ERROR(limits.Validate());
  if (bytes.empty()) {
    return WithReason(absl::InvalidArgumentError("the picture has no bytes"),
                      kReasonEmptyPicture);
  }
  RETURN_IF_ERROR(CheckLimit("bytes", bytes.size(), limits.max_bytes));
  const ImageFormat format = SniffFormat(bytes);
  switch (format) {
    case ImageFormat::kUnknown:
      return NotDecodable(bytes);
    case ImageFormat::kJpeg:
      return DecodeJpeg(bytes, limits, target_side);
    case ImageFormat::kBmp:
      return DecodeBmp(bytes, limits, target_side);
    case ImageFormat::kPng:
    case ImageFormat::kWebp:
    case ImageFormat::kGif:
    case ImageFormat::kTiff:
    case ImageFormat::kHeic:
    case ImageFormat::kAvif:
      return DecodeWithVips(bytes, format, limits, target_side);
  }
  return NotDecodable(bytes);
}

}  // namespace likeness
