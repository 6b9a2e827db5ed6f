// What a recipe says about one loss. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_LOSS_SPEC_H_
#define LIKENESS_ENGINE_TRAIN_LOSS_SPEC_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

// "euclidean", "squared_euclidean", "manhattan", "cosine".
enum class Distance : uint8_t {
  kEuclidean,
  kSquaredEuclidean,
  kManhattan,
  kCosine,  // 1 - cosine, 0..2.
};

absl::string_view DistanceName(Distance distance);
absl::StatusOr<Distance> ParseDistance(absl::string_view name);

// "contrastive", "triplet", "info_nce", "supervised_contrastive",
// "multi_similarity", "proxy_anchor", "koleo": the headers of the losses say
// what each is.
enum class LossType : uint8_t {
  kContrastive,
  kTriplet,
  kInfoNce,
  kSupervisedContrastive,
  kMultiSimilarity,
  kProxyAnchor,
  kKoLeo,
};

absl::string_view LossTypeName(LossType type);
absl::StatusOr<LossType> ParseLossType(absl::string_view name);

// Which triplets count: "batch_all", "batch_hard", "semi_hard", "curriculum".
enum class TripletMining : uint8_t {
  kBatchAll,
  kBatchHard,
  kSemiHard,
  kCurriculum,  // From semi-hard to the hardest negative as training goes on.
};

absl::string_view TripletMiningName(TripletMining mining);
absl::StatusOr<TripletMining> ParseTripletMining(absl::string_view name);

// A loss reads the fields that its line names; a recipe may only set those.
struct LossSpec {
  LossType type = LossType::kTriplet;
  // contrastive, triplet, info_nce, supervised_contrastive. The others are
  // defined on one: koleo on the Euclidean, the rest on the cosine.
  Distance distance = Distance::kEuclidean;
  // contrastive, triplet: in the distance's unit, above 0. multi_similarity:
  // epsilon, proxy_anchor: delta, both in cosines, 0..1.
  double margin = 0.2;
  // info_nce, supervised_contrastive: above 0.
  double temperature = 0.1;
  // triplet.
  TripletMining mining = TripletMining::kSemiHard;
  // contrastive: positive and negative pairs weigh the same, however many there
  // are of each. Else every pair does, as in the paper.
  bool balanced = true;
  // multi_similarity: alpha, beta; proxy_anchor: alpha, for either sort of
  // pair. Above 0.
  double positive_scale = 1;
  double negative_scale = 1;
  // multi_similarity: lambda, a cosine.
  double threshold = 0.5;

  // The values that the paper of `type` (or, where it has none, common use)
  // begins with.
  static LossSpec Defaults(LossType type);

  // INVALID_ARGUMENT blames a field below `field`.
  absl::Status Validate(absl::string_view field = "loss") const;
};

// Reads {"type": ..., ...} over the defaults of its type, and validates.
// INVALID_ARGUMENT blames a field below `field`; so does a field that the type
// does not read.
absl::StatusOr<LossSpec> ParseLossSpec(const nlohmann::json& json,
                                       absl::string_view field = "loss");

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_LOSS_SPEC_H_
