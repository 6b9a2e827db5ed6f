// One picture's bytes to everything that is kept or computed of it, decoded
// once: the network's input, the perceptual hash, the thumbnail, the facts.
#ifndef LIKENESS_ENGINE_IMAGE_PREPARE_H_
#define LIKENESS_ENGINE_IMAGE_PREPARE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/picture.h"
#include "engine/image/decode.h"
#include "engine/image/image.h"

namespace likeness {

// How a picture is fitted into the network's square input. Stored in model
// bundles by name.
enum class Fit : uint8_t {
  kStretch,  // Both sides resized to the input's, aspect ratio given up.
  kPad,      // Longer side resized to the input's, centred on white.
};

struct PrepareOptions {
  int input_side = 224;     // Pixels; from the model bundle.
  Fit fit = Fit::kStretch;  // From the model bundle.
  DecodeLimits limits;
  int thumbnail_side = 0;  // 0: no thumbnail.
};

// What the network eats.
struct NetworkInput {
  Image pixels;  // input_side x input_side.
  PdqHash hash;
};

struct PreparedPicture {
  PictureFacts facts;
  NetworkInput input;
  std::string thumbnail_jpeg;  // Empty when not asked for.
};

// Where the time of PreparePicture went, added up by the caller.
struct PrepareTimes {
  absl::Duration decode;
  absl::Duration resize;  // Network input.
  absl::Duration hash;    // SHA-256 and PDQ.
  absl::Duration thumbnail;
};

// Errors are DecodeImage's. `times`, when given, is added to.
absl::StatusOr<PreparedPicture> PreparePicture(absl::string_view bytes,
                                               const PrepareOptions& options,
                                               PrepareTimes* times = nullptr);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_PREPARE_H_
