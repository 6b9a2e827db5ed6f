#include "engine/image/prepare.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/image/encode.h"
#include "engine/image/pdq.h"
#include "engine/image/resize.h"

namespace likeness {
namespace {

// Shorter side that every picture is decoded for. One value whatever the
// options: the hash must depend on the picture alone. The hash sees 64 x 64
// means, so more would only cost time.
constexpr int kDecodeSide = 512;

constexpr uint8_t kWhite = 255;

absl::StatusOr<Image> FitPadded(const Image& image, int side) {
  const int longer = std::max(image.width(), image.height());
  const auto scaled = [&](int length) {
    const double exact = static_cast<double>(length) * side / longer;
    return std::max(1, static_cast<int>(std::lround(exact)));
  };
  ASSIGN_OR_RETURN(const Image inner, Resize(image, scaled(image.width()),
                                             scaled(image.height())));
  Image padded(side, side);
  std::memset(padded.data(), kWhite, padded.size_bytes());
  const auto left = static_cast<size_t>((side - inner.width()) / 2);
  const auto top = static_cast<size_t>((side - inner.height()) / 2);
  const size_t row = size_t{3} * static_cast<size_t>(inner.width());
  for (size_t y = 0; y < static_cast<size_t>(inner.height()); ++y) {
    std::memcpy(
        padded.data() + 3 * ((top + y) * static_cast<size_t>(side) + left),
        inner.data() + y * row, row);
  }
  return padded;
}

// Adds the time since its last call to a field of `times`, if there is one.
class Stopwatch {
 public:
  explicit Stopwatch(PrepareTimes* times) : times_(times) {}

  void AddTo(absl::Duration PrepareTimes::* field) {
    const absl::Time now = absl::Now();
    if (times_ != nullptr) times_->*field += now - last_;
    last_ = now;
  }

 private:
  PrepareTimes* times_;
  absl::Time last_ = absl::Now();
};

}  // namespace

absl::StatusOr<PreparedPicture> PreparePicture(absl::string_view bytes,
                                               const PrepareOptions& options,
                                               PrepareTimes* times) {
  if (options.input_side < 1 || options.input_side > kDecodeSide) {
    return InvalidField(
        "input_side",
        absl::StrCat(options.input_side, " is not in 1..", kDecodeSide));
  }
  Stopwatch watch(times);
  ASSIGN_OR_RETURN(const DecodedImage decoded,
                   DecodeImage(bytes, options.limits, kDecodeSide));
  watch.AddTo(&PrepareTimes::decode);

  PreparedPicture prepared;
  prepared.facts.size_bytes = bytes.size();
  prepared.facts.width = decoded.source_width;
  prepared.facts.height = decoded.source_height;
  prepared.facts.format = decoded.format;
  ASSIGN_OR_RETURN(
      prepared.input.pixels,
      options.fit == Fit::kPad
          ? FitPadded(decoded.image, options.input_side)
          : Resize(decoded.image, options.input_side, options.input_side));
  watch.AddTo(&PrepareTimes::resize);

  prepared.facts.content_hash = Sha256(bytes);
  ASSIGN_OR_RETURN(prepared.input.hash, ComputePdq(decoded.image));
  watch.AddTo(&PrepareTimes::hash);

  if (options.thumbnail_side > 0) {
    ASSIGN_OR_RETURN(prepared.thumbnail_jpeg,
                     MakeThumbnail(decoded.image, options.thumbnail_side));
    watch.AddTo(&PrepareTimes::thumbnail);
  }
  return prepared;
}

}  // namespace likeness
