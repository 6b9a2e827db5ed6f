// Verdicts on pictures that are in no collection, as the API and the commands
// tell them.
#ifndef LIKENESS_SERVER_RECOGNITION_H_
#define LIKENESS_SERVER_RECOGNITION_H_

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/core/space.h"
#include "engine/embed/embedder.h"
#include "engine/embed/embedding.h"
#include "engine/embed/few_shot.h"
#include "engine/embed/picture_encoder.h"
#include "likeness/v1/search_service.pb.h"

namespace likeness {

// Fills everything of `response` but identical_bytes.
void CompareEmbeddings(const Embedding& a, const Embedding& b,
                       const ModelInfo& model, v1::CompareResponse& response);

// What a ClassifyRequest says beside its pictures.
struct ClassifySettings {
  Space space = Space::kSimilar;
  FewShotRule rule = FewShotRule::kPrototype;
  std::optional<float> min_similarity;  // Empty: every picture is known.
};

// INVALID_ARGUMENT names the field; FAILED_PRECONDITION (reason NOT_CALIBRATED)
// when `model` has no threshold for the precision that is asked for.
absl::StatusOr<ClassifySettings> ClassifySettingsFromWire(
    const v1::ClassifyRequest& request, const ModelInfo& model);

// Answers `request` with the model behind `encoder`. `check_wanted` is asked
// before each picture and ends the work by an error. Errors are those of
// ClassifySettingsFromWire; what is wrong with a picture blames its field
// ("support[3].picture", "pictures[0]").
absl::StatusOr<v1::ClassifyResponse> ClassifyPictures(
    const v1::ClassifyRequest& request, const PictureEncoder& encoder,
    const std::function<absl::Status()>& check_wanted);

}  // namespace likeness

#endif  // LIKENESS_SERVER_RECOGNITION_H_
