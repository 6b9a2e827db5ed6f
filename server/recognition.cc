#include "server/recognition.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/distance.h"
#include "engine/core/error.h"
#include "engine/core/picture.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

constexpr int kMostSupport = 1000;
constexpr int kMostPictures = 100;
constexpr size_t kMostLabelBytes = 256;
constexpr size_t kRanks = 5;

absl::Status CheckCounts(const v1::ClassifyRequest& request) {
  if (request.support_size() < 1 || request.support_size() > kMostSupport) {
    return InvalidField("support",
                        absl::StrCat("has ", request.support_size(),
                                     " examples, not 1 to ", kMostSupport));
  }
  if (request.pictures_size() < 1 || request.pictures_size() > kMostPictures) {
    return InvalidField("pictures",
                        absl::StrCat("has ", request.pictures_size(),
                                     " pictures, not 1 to ", kMostPictures));
  }
  for (int i = 0; i < request.support_size(); ++i) {
    const size_t bytes = request.support(i).label().size();
    if (bytes < 1 || bytes > kMostLabelBytes) {
      return InvalidField(
          absl::StrCat("support[", i, "].label"),
          absl::StrCat("has ", bytes, " bytes, not 1 to ", kMostLabelBytes));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<FewShotRule> RuleFromWire(v1::FewShotRule rule) {
  switch (rule) {
    case v1::FEW_SHOT_RULE_UNSPECIFIED:
    case v1::FEW_SHOT_RULE_PROTOTYPE:
      return FewShotRule::kPrototype;
    case v1::FEW_SHOT_RULE_NEAREST:
      return FewShotRule::kNearest;
    default:
      return InvalidField("rule", absl::StrCat(rule, " is no rule"));
  }
}

absl::StatusOr<std::optional<float>> MinSimilarityOf(
    const v1::ClassifyRequest& request,
    const std::optional<Calibration>& calibration) {
  if (request.has_min_similarity()) {
    if (request.has_precision()) {
      return InvalidField("precision", "makes no sense beside min_similarity");
    }
    const float least = request.min_similarity();
    // Written so that NaN fails, too.
    if (!(least >= -1.0F && least <= 1.0F)) {
      return InvalidField("min_similarity", "is not in -1 to 1");
    }
    return least;
  }
  if (request.has_precision()) {
    ASSIGN_OR_RETURN(
        const float least,
        SimilarityForPrecision(calibration, request.precision(), "precision"));
    return least;
  }
  if (!calibration.has_value() || calibration->thresholds.empty()) {
    return std::nullopt;
  }
  return calibration->thresholds.front().similarity;
}

// Recognises one picture by its vector.
absl::StatusOr<v1::Classification> ClassifyVector(
    const FewShotClassifier& classifier, absl::Span<const float> vector,
    const ClassifySettings& settings) {
  ASSIGN_OR_RETURN(const std::vector<LabelScore> ranking,
                   classifier.Rank(vector, settings.rule));
  v1::Classification classification;
  for (const LabelScore& score : ranking) {
    if (static_cast<size_t>(classification.ranking_size()) == kRanks) break;
    v1::LabelSimilarity& entry = *classification.add_ranking();
    entry.set_label(classifier.labels()[score.label]);
    entry.set_similarity(score.similarity);
    entry.set_nearest_example(static_cast<int>(score.nearest_example));
  }
  const v1::LabelSimilarity& best = classification.ranking(0);
  if (!settings.min_similarity.has_value() ||
      best.similarity() >= *settings.min_similarity) {
    classification.set_label(best.label());
  }
  return classification;
}

}  // namespace

void CompareEmbeddings(const Embedding& a, const Embedding& b,
                       const ModelInfo& model, v1::CompareResponse& response) {
  for (const Space space : kAllSpaces) {
    const std::vector<float>& vector_a = a.vectors[space];
    const std::vector<float>& vector_b = b.vectors[space];
    v1::SpaceComparison& comparison = *response.add_comparisons();
    const float similarity = CosineSimilarity(vector_a, vector_b);
    comparison.set_space(SpaceToWire(space));
    comparison.set_similarity(similarity);
    comparison.set_euclidean(EuclideanDistance(vector_a, vector_b));
    comparison.set_manhattan(ManhattanDistance(vector_a, vector_b));
    const std::optional<Calibration>& calibration = model.calibration[space];
    if (!calibration.has_value()) continue;
    const std::optional<CalibratedThreshold> met = calibration->Met(similarity);
    comparison.set_probability(calibration->Probability(similarity));
    comparison.set_precision(met.has_value() ? met->precision : 0);
  }
  response.set_pdq_distance(HammingDistance(a.hash, b.hash));
  response.set_pdq_quality_a(a.hash.quality);
  response.set_pdq_quality_b(b.hash.quality);
  response.set_model_id(model.id);
}

absl::StatusOr<ClassifySettings> ClassifySettingsFromWire(
    const v1::ClassifyRequest& request, const ModelInfo& model) {
  RETURN_IF_ERROR(CheckCounts(request));
  ClassifySettings settings;
  ASSIGN_OR_RETURN(settings.space,
                   FromWire(request.space(), Space::kSimilar, "space"));
  ASSIGN_OR_RETURN(settings.rule, RuleFromWire(request.rule()));
  ASSIGN_OR_RETURN(settings.min_similarity,
                   MinSimilarityOf(request, model.calibration[settings.space]));
  return settings;
}

absl::StatusOr<v1::ClassifyResponse> ClassifyPictures(
    const v1::ClassifyRequest& request, const PictureEncoder& encoder,
    const std::function<absl::Status()>& check_wanted) {
  const ModelInfo& model = encoder.model();
  ASSIGN_OR_RETURN(const ClassifySettings settings,
                   ClassifySettingsFromWire(request, model));
  const auto encode =
      [&](const std::string& picture,
          absl::string_view field) -> absl::StatusOr<std::vector<float>> {
    RETURN_IF_ERROR(check_wanted());
    absl::StatusOr<EncodedPicture> encoded =
        encoder.Encode(picture, /*with_thumbnail=*/false);
    RETURN_IF_ERROR(BlamePicture(encoded.status(), field));
    return std::move(encoded->embedding.vectors[settings.space]);
  };
  ASSIGN_OR_RETURN(FewShotClassifier classifier,
                   FewShotClassifier::Make(model.dimensions[settings.space]));
  for (int i = 0; i < request.support_size(); ++i) {
    const v1::LabelledPicture& example = request.support(i);
    ASSIGN_OR_RETURN(
        const std::vector<float> vector,
        encode(example.picture(), absl::StrCat("support[", i, "].picture")));
    RETURN_IF_ERROR(classifier.Add(example.label(), vector));
  }
  v1::ClassifyResponse response;
  for (int i = 0; i < request.pictures_size(); ++i) {
    ASSIGN_OR_RETURN(
        const std::vector<float> vector,
        encode(request.pictures(i), absl::StrCat("pictures[", i, "]")));
    ASSIGN_OR_RETURN(*response.add_classifications(),
                     ClassifyVector(classifier, vector, settings));
  }
  if (settings.min_similarity.has_value()) {
    response.set_min_similarity(*settings.min_similarity);
  }
  response.set_model_id(model.id);
  return response;
}

}  // namespace likeness
