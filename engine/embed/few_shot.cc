#include "engine/embed/few_shot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "engine/core/distance.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {

absl::string_view FewShotRuleName(FewShotRule rule) {
  return rule == FewShotRule::kPrototype ? "prototype" : "nearest";
}

absl::StatusOr<FewShotRule> ParseFewShotRule(absl::string_view name) {
  if (name == "prototype") return FewShotRule::kPrototype;
  if (name == "nearest") return FewShotRule::kNearest;
  return InvalidField("rule", absl::StrCat("there is no rule \"", name,
                                           "\"; use prototype or nearest"));
}

absl::StatusOr<FewShotClassifier> FewShotClassifier::Make(int dimensions) {
  if (dimensions <= 0) {
    return InvalidField("dimensions",
                        absl::StrCat("is ", dimensions, ", not above 0"));
  }
  return FewShotClassifier(static_cast<size_t>(dimensions));
}

absl::Status FewShotClassifier::CheckSize(
    absl::Span<const float> vector) const {
  if (vector.size() == dimensions_) return absl::OkStatus();
  return InvalidField("vector", absl::StrCat("has ", vector.size(),
                                             " dimensions, not ", dimensions_));
}

absl::Status FewShotClassifier::Add(absl::string_view label,
                                    absl::Span<const float> vector) {
  if (label.empty()) return InvalidField("label", "is empty");
  RETURN_IF_ERROR(CheckSize(vector));
  const auto found = std::find(labels_.begin(), labels_.end(), label);
  const auto at = static_cast<size_t>(found - labels_.begin());
  if (found == labels_.end()) {
    labels_.emplace_back(label);
    sums_.emplace_back(dimensions_, 0.0);
  }
  for (size_t i = 0; i < dimensions_; ++i) sums_[at][i] += vector[i];
  examples_.insert(examples_.end(), vector.begin(), vector.end());
  example_labels_.push_back(at);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<LabelScore>> FewShotClassifier::Rank(
    absl::Span<const float> vector, FewShotRule rule) const {
  RETURN_IF_ERROR(CheckSize(vector));
  std::vector<LabelScore> scores(labels_.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    scores[i].label = i;
    scores[i].similarity = -std::numeric_limits<float>::infinity();
  }
  for (size_t i = 0; i < example_labels_.size(); ++i) {
    const float similarity = CosineSimilarity(
        vector,
        absl::MakeConstSpan(examples_).subspan(i * dimensions_, dimensions_));
    LabelScore& score = scores[example_labels_[i]];
    if (similarity > score.similarity) {
      score.similarity = similarity;
      score.nearest_example = i;
    }
  }
  if (rule == FewShotRule::kPrototype) {
    std::vector<float> prototype(dimensions_);
    for (LabelScore& score : scores) {
      const std::vector<double>& sum = sums_[score.label];
      std::transform(sum.begin(), sum.end(), prototype.begin(),
                     [](double value) { return static_cast<float>(value); });
      score.similarity = CosineSimilarity(vector, prototype);
    }
  }
  std::sort(scores.begin(), scores.end(),
            [](const LabelScore& a, const LabelScore& b) {
              return a.similarity != b.similarity ? a.similarity > b.similarity
                                                  : a.label < b.label;
            });
  return scores;
}

}  // namespace likeness
