#ifndef LIKENESS_ENGINE_TRAIN_BUNDLE_CARD_H_
#define LIKENESS_ENGINE_TRAIN_BUNDLE_CARD_H_

#include <string>

#include "absl/types/span.h"
#include "engine/train/recipe.h"
#include "engine/train/training_data.h"

namespace likeness {

// The card of a bundle that `recipe` made, as JSON without its content id: what
// decides its vectors (see engine/embed/model_bundle.h) and where it comes
// from.
std::string MakeCard(const Recipe& recipe, absl::Span<const DataSummary> data);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_BUNDLE_CARD_H_
