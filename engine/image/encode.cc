#include "engine/image/encode.h"

#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/image/resize.h"

namespace likeness {
namespace {

constexpr int kSmallestThumbnail = 16;
constexpr int kLargestThumbnail = 1024;
constexpr int kThumbnailQuality = 80;

struct DestroyHandle {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using TurboHandle =
    std::unique_ptr<std::remove_pointer_t<tjhandle>, DestroyHandle>;

struct FreeBuffer {
  void operator()(unsigned char* buffer) const { tjFree(buffer); }
};

}  // namespace

absl::StatusOr<std::string> EncodeJpeg(const Image& image, int quality) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  if (quality < 1 || quality > 100) {
    return InvalidField("quality", absl::StrCat(quality, " is not in 1..100"));
  }
  const TurboHandle turbo(tjInitCompress());
  if (turbo == nullptr) return absl::ResourceExhaustedError("no JPEG encoder");
  unsigned char* buffer = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): the library's type.
  const int failed = tjCompress2(
      turbo.get(), image.data(), image.width(), /*pitch=*/0, image.height(),
      TJPF_RGB, &buffer, &size, TJSAMP_420, quality, TJFLAG_ACCURATEDCT);
  const std::unique_ptr<unsigned char, FreeBuffer> owned(buffer);
  if (failed != 0) {
    return absl::InternalError(
        absl::StrCat("JPEG encoder: ", tjGetErrorStr2(turbo.get())));
  }
  return std::string(reinterpret_cast<const char*>(buffer), size);
}

absl::StatusOr<std::string> MakeThumbnail(const Image& image, int max_side) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  if (max_side < kSmallestThumbnail || max_side > kLargestThumbnail) {
    return InvalidField(
        "max_side", absl::StrCat(max_side, " is not in ", kSmallestThumbnail,
                                 "..", kLargestThumbnail));
  }
  const int longer = std::max(image.width(), image.height());
  if (longer <= max_side) return EncodeJpeg(image, kThumbnailQuality);
  const auto reduced = [&](int side) {
    const double exact = static_cast<double>(side) * max_side / longer;
    return std::max(1, static_cast<int>(std::lround(exact)));
  };
  ASSIGN_OR_RETURN(const Image small, Resize(image, reduced(image.width()),
                                             reduced(image.height())));
  return EncodeJpeg(small, kThumbnailQuality);
}

}  // namespace likeness
