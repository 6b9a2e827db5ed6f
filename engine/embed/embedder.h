#ifndef LIKENESS_ENGINE_EMBED_EMBEDDER_H_
#define LIKENESS_ENGINE_EMBED_EMBEDDER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/space.h"
#include "engine/embed/calibration.h"
#include "engine/embed/embedding.h"
#include "engine/image/prepare.h"

namespace likeness {

// What a caller must know of the model behind an Embedder.
struct ModelInfo {
  std::string id;    // Content id of the bundle, 64 hexadecimal digits.
  std::string name;  // For people.
  PerSpace<int> dimensions;
  int input_side = 0;  // Pixels of the square input.
  Fit fit = Fit::kStretch;
  // What similarities are worth, where that is known.
  PerSpace<std::optional<Calibration>> calibration = {};
};

// Turns pictures into embeddings. Thread-safe; callers share one object.
class Embedder {
 public:
  virtual ~Embedder() = default;

  virtual const ModelInfo& model() const = 0;

  // One embedding for each input, in order. Every `pixels` must be
  // model().input_side square: INVALID_ARGUMENT otherwise. An empty batch gives
  // an empty answer.
  virtual absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_EMBEDDER_H_
