// How good the network is on classes that it is not trained on.
#ifndef LIKENESS_ENGINE_TRAIN_VALIDATOR_H_
#define LIKENESS_ENGINE_TRAIN_VALIDATOR_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/dataset/dataset.h"
#include "engine/embed/embedder.h"
#include "engine/embed/model_bundle.h"
#include "engine/image/image.h"
#include "engine/train/recipe.h"
#include "engine/train/validation_pictures.h"

namespace likeness {

struct ValidationResult {
  // "grocery.retrieval.map_at_r" and the like, each 0..1, larger is better.
  std::map<std::string, double> metrics;
  double score = 0;  // The weighted mean of the sets' own.
};

// A picture whose nearest neighbour is of another class.
struct Confusion {
  struct Shown {
    std::string path;
    std::string class_name;
    const Image* pixels = nullptr;  // The validator's.
    float similarity = 0;           // To the query.
  };
  Shown query;
  Shown right;  // The nearest of the query's class.
  Shown wrong;  // The nearest of all others.
};

// Judges bundles by pictures that training does not see, on the way that a
// shipped bundle goes: the engine's own preparation and embedder. Thread-safe.
class Validator {
 public:
  // The network of a bundle, computing on the threads that call it.
  using EmbedderMaker = std::function<absl::StatusOr<std::unique_ptr<Embedder>>(
      const ModelBundle&)>;

  // `data`: the recipe's sets, in its order, split already. Works on `threads`
  // threads. INVALID_ARGUMENT when a set has too little to judge by; the
  // picture's error when one can't be read.
  static absl::StatusOr<std::unique_ptr<Validator>> Make(
      const Recipe& recipe, absl::Span<const DataSet> data, int threads,
      EmbedderMaker make_embedder);
  ~Validator();

  absl::StatusOr<ValidationResult> Validate(const ModelBundle& bundle) const;

  // The `limit` worst of all retrieval and iconic sets: those whose wrong
  // neighbour is nearest in comparison with the right one.
  absl::StatusOr<std::vector<Confusion>> FindConfusions(
      const ModelBundle& bundle, size_t limit) const;

 private:
  struct Set;

  Validator(int threads, EmbedderMaker make_embedder);

  absl::StatusOr<PerSpace<UnitRows>> Embed(const ModelBundle& bundle) const;

  const int threads_;
  const EmbedderMaker make_embedder_;
  ValidationPictures pictures_;
  std::vector<std::unique_ptr<Set>> sets_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_VALIDATOR_H_
