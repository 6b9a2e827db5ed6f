// The statuses that DecodeImage promises, made in one place so that every
// decoder words them alike.
#ifndef LIKENESS_ENGINE_IMAGE_PICTURE_ERROR_H_
#define LIKENESS_ENGINE_IMAGE_PICTURE_ERROR_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/image/decode.h"

namespace likeness {

// "<format>: <detail>", reason CORRUPT_PICTURE.
absl::Status CorruptPicture(ImageFormat format, absl::string_view detail);

// "<name> is not supported", reason UNSUPPORTED_FORMAT.
absl::Status UnsupportedPicture(absl::string_view name);

// What a header says of a picture, before anything is allocated for it.
struct PictureSize {
  int64_t width = 0;
  int64_t height = 0;
  int64_t frames = 1;
};

// OK when `size` is within `limits`; CORRUPT_PICTURE for a side below 1,
// LIMIT_EXCEEDED with the name of the limit and both values otherwise.
absl::Status CheckSize(ImageFormat format, const PictureSize& size,
                       const DecodeLimits& limits);

// LIMIT_EXCEEDED when `value` is above `limit`, called `name`.
absl::Status CheckLimit(absl::string_view name, uint64_t value, uint64_t limit);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_PICTURE_ERROR_H_
