#ifndef LIKENESS_ENGINE_EMBED_MODEL_BUNDLE_H_
#define LIKENESS_ENGINE_EMBED_MODEL_BUNDLE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/safetensors.h"
#include "engine/core/space.h"
#include "engine/embed/calibration.h"
#include "engine/image/prepare.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

// How a head turns the trunk's last feature map into a vector.
struct HeadSpec {
  // "avg" (mean), "max", or "gem": generalized mean, (mean x^p)^(1/p)
  // (Radenovic et al. 2019). A linear projection follows when `projection`
  // names its weight; L2 normalisation always comes last.
  std::string pooling;
  float gem_p = 3.0F;
  int dimensions = 0;      // Of the finished vector.
  std::string projection;  // Tensor prefix (".weight", ".bias"), or empty.
  // Whether the pooled features get unit length before the projection.
  bool normalize_pooled = false;
};

// A folder with `card.json` (architecture, preprocessing, heads, content id)
// and `weights.safetensors`: everything that decides which vector a picture
// gets. Immutable after Load.
struct ModelBundle {
  // Reads and checks the folder: NOT_FOUND names the missing file, DATA_LOSS
  // (reason CORRUPT_DATA) says what does not fit, above all a content id that
  // is not the one of the contents.
  static absl::StatusOr<ModelBundle> Load(const std::string& folder);

  // The same for the contents of the two files. Takes them over.
  static absl::StatusOr<ModelBundle> Parse(absl::string_view card,
                                           std::string weights);

  std::string name;
  std::string id;            // SHA-256, see ContentId in model_bundle.cc.
  std::string architecture;  // A name that engine/embed/network.h knows.
  int input_side = 0;
  Fit fit = Fit::kStretch;
  float pixel_mean =
      0;  // Network input = (pixel - mean) / scale, pixel 0..255.
  float pixel_scale = 1;
  int preprocessing_version = 0;
  PerSpace<HeadSpec> heads;
  // What similarities are worth; decides no vector, so no part of the id.
  PerSpace<std::optional<Calibration>> calibration;
  SafeTensors weights;
};

// `card` (JSON, everything but the content id) with the content id that it and
// `weights` (safetensors) have, as readable text. INVALID_ARGUMENT when it is
// no JSON object or lacks what the id is made of.
absl::StatusOr<std::string> SealCard(absl::string_view card,
                                     absl::string_view weights);

// Writes both files so that a folder with a card is whole: the old card goes
// first, the new one comes last. Makes the folder.
absl::Status SaveModelBundle(const std::string& folder,
                             absl::string_view sealed_card,
                             absl::string_view weights);

// Puts the calibrations that are given into the card of the bundle in `folder`,
// in place of the ones it has for those spaces. The content id stays. Errors
// are those of reading and writing a file, and DATA_LOSS for a card that is
// none.
absl::Status StoreCalibration(const std::string& folder,
                              const PerSpace<std::optional<Calibration>>& fits);

// Puts what an evaluation found (engine/evaluate/evaluation.h) into the card of
// the bundle in `folder`, in place of what it has under that name. The content
// id stays; a card with the metrics of another model is refused when it is
// loaded. INVALID_ARGUMENT for an empty name; else as StoreCalibration.
absl::Status StoreMetrics(const std::string& folder, const std::string& name,
                          const nlohmann::ordered_json& figures);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_MODEL_BUNDLE_H_
