#ifndef LIKENESS_ENGINE_EMBED_PICTURE_ENCODER_H_
#define LIKENESS_ENGINE_EMBED_PICTURE_ENCODER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/picture.h"
#include "engine/embed/embedder.h"
#include "engine/embed/embedding.h"
#include "engine/image/decode.h"
#include "engine/image/prepare.h"

namespace likeness {

struct EncodedPicture {
  PictureFacts facts;
  Embedding embedding;
  std::string thumbnail_jpeg;  // Empty when not asked for.
};

// Where the time of Encode went, added up by the caller.
struct EncodeTimes {
  PrepareTimes prepare;
  absl::Duration embed;  // Includes waiting for a worker.
};

// The whole way from a file's bytes to what is kept of the picture: decode,
// resize, hash, embed. The one that indexing, searching and comparing share.
// Thread-safe; several threads keep a batching embedder busy. Borrows the
// embedder, which must outlive it.
class PictureEncoder {
 public:
  // `limits` are valid. `thumbnail_side`: longer side of thumbnails, 16..1024
  // pixels.
  PictureEncoder(const Embedder& embedder, const DecodeLimits& limits,
                 int thumbnail_side);

  // Errors are DecodeImage's (IsBadPicture tells them from the engine's own)
  // and Embedder::Embed's. `times`, when given, is added to.
  absl::StatusOr<EncodedPicture> Encode(absl::string_view bytes,
                                        bool with_thumbnail,
                                        EncodeTimes* times = nullptr) const;

  const ModelInfo& model() const { return embedder_.model(); }

 private:
  const Embedder& embedder_;
  const PrepareOptions options_;  // With thumbnail.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_PICTURE_ENCODER_H_
