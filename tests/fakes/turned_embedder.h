#ifndef LIKENESS_TESTS_FAKES_TURNED_EMBEDDER_H_
#define LIKENESS_TESTS_FAKES_TURNED_EMBEDDER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tests/fakes/fake_embedder.h"

namespace likeness::testing {

// Another model than FakeEmbedder: its vectors are that one's, turned around.
// Alike pictures are as alike as there, but a vector of the one means nothing
// among vectors of the other.
class TurnedEmbedder : public Embedder {
 public:
  explicit TurnedEmbedder(std::string id = std::string(64, '2'))
      : inner_(std::move(id)) {}

  const ModelInfo& model() const override { return inner_.model(); }

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override;

 private:
  const FakeEmbedder inner_;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_FAKES_TURNED_EMBEDDER_H_
