// One- and few-shot recognition: which of some labels does a picture have,
// given a few examples of each?
#ifndef LIKENESS_ENGINE_EMBED_FEW_SHOT_H_
#define LIKENESS_ENGINE_EMBED_FEW_SHOT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace likeness {

enum class FewShotRule {
  // The label with the nearest prototype: the mean of its examples' unit
  // vectors, brought back to unit length (Snell, Swersky and Zemel 2017,
  // "Prototypical Networks", with the cosine for the distance).
  kPrototype,
  kNearest,  // The label of the nearest example.
};

// "prototype", "nearest"; ParseFewShotRule's INVALID_ARGUMENT lists them.
absl::string_view FewShotRuleName(FewShotRule rule);
absl::StatusOr<FewShotRule> ParseFewShotRule(absl::string_view name);

// How alike a picture is to one label.
struct LabelScore {
  size_t label = 0;      // Index into labels().
  float similarity = 0;  // Cosine to the prototype or the nearest example.
  size_t nearest_example = 0;  // Number of the example, as added.
};

// Examples of labels. Not thread-safe while examples are added; const
// afterwards. With one example a label both rules agree.
class FewShotClassifier {
 public:
  // INVALID_ARGUMENT when `dimensions` is not positive.
  static absl::StatusOr<FewShotClassifier> Make(int dimensions);

  // `vector` has unit length. INVALID_ARGUMENT for an empty label or another
  // number of dimensions.
  absl::Status Add(absl::string_view label, absl::Span<const float> vector);

  // Labels in the order they were first added.
  const std::vector<std::string>& labels() const { return labels_; }
  size_t num_examples() const { return example_labels_.size(); }

  // Every label, most alike first; equal ones in the order of labels().
  // INVALID_ARGUMENT when `vector` has other dimensions.
  absl::StatusOr<std::vector<LabelScore>> Rank(absl::Span<const float> vector,
                                               FewShotRule rule) const;

 private:
  explicit FewShotClassifier(size_t dimensions) : dimensions_(dimensions) {}

  absl::Status CheckSize(absl::Span<const float> vector) const;

  size_t dimensions_;
  std::vector<std::string> labels_;
  std::vector<std::vector<double>> sums_;  // Of each label's examples.
  std::vector<float> examples_;            // Row-major.
  std::vector<size_t> example_labels_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_FEW_SHOT_H_
