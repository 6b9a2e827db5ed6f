#include "engine/embed/picture_encoder.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "engine/core/status_macros.h"

namespace likeness {

PictureEncoder::PictureEncoder(const Embedder& embedder,
                               const DecodeLimits& limits, int thumbnail_side)
    : embedder_(embedder),
      options_{.input_side = embedder.model().input_side,
               .fit = embedder.model().fit,
               .limits = limits,
               .thumbnail_side = thumbnail_side} {}

absl::StatusOr<EncodedPicture> PictureEncoder::Encode(
    absl::string_view bytes, bool with_thumbnail, EncodeTimes* times) const {
  PrepareOptions options = options_;
  if (!with_thumbnail) options.thumbnail_side = 0;
  ASSIGN_OR_RETURN(
      PreparedPicture prepared,
      PreparePicture(bytes, options,
                     times != nullptr ? &times->prepare : nullptr));
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(std::vector<Embedding> embeddings,
                   embedder_.Embed(absl::MakeConstSpan(&prepared.input, 1)));
  if (times != nullptr) times->embed += absl::Now() - start;
  return EncodedPicture{prepared.facts, std::move(embeddings.front()),
                        std::move(prepared.thumbnail_jpeg)};
}

}  // namespace likeness
