#include "engine/image/picture_error.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {

absl::Status CorruptPicture(ImageFormat format, absl::string_view detail) {
  return WithReason(
      absl::DataLossError(absl::StrCat(ImageFormatName(format), ": ", detail)),
      kReasonCorruptPicture);
}

absl::Status UnsupportedPicture(absl::string_view name) {
  return WithReason(
      absl::UnimplementedError(absl::StrCat(name, " is not supported")),
      kReasonUnsupportedFormat);
}

absl::Status CheckLimit(absl::string_view name, uint64_t value,
                        uint64_t limit) {
  if (value <= limit) return absl::OkStatus();
  return WithReason(
      absl::ResourceExhaustedError(absl::StrCat(
          "the picture has ", value, " ", name, ", the limit is ", limit)),
      kReasonLimitExceeded);
}

absl::Status CheckSize(ImageFormat format, const PictureSize& size,
                       const DecodeLimits& limits) {
  if (size.width < 1 || size.height < 1) {
    return CorruptPicture(format, absl::StrCat("the header states ", size.width,
                                               " x ", size.height, " pixels"));
  }
  const auto width = static_cast<uint64_t>(size.width);
  const auto height = static_cast<uint64_t>(size.height);
  const auto max_side = static_cast<uint64_t>(limits.max_side);
  RETURN_IF_ERROR(CheckLimit("pixels of width", width, max_side));
  RETURN_IF_ERROR(CheckLimit("pixels of height", height, max_side));
  RETURN_IF_ERROR(CheckLimit("pixels", width * height, limits.max_pixels));
  return CheckLimit("frames", static_cast<uint64_t>(size.frames),
                    static_cast<uint64_t>(limits.max_frames));
}

}  // namespace likeness
