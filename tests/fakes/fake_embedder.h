#ifndef LIKENESS_TESTS_FAKES_FAKE_EMBEDDER_H_
#define LIKENESS_TESTS_FAKES_FAKE_EMBEDDER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/embed/embedder.h"

namespace likeness::testing {

inline constexpr int kFakeInputSide = 32;
inline constexpr int kFakeSimilarDimensions = 49;  // 4x4 cells of R G B, and 1.
inline constexpr int kFakeCopyDimensions = 65;     // 8x8 cells of luma, and 1.

// An Embedder without a network: vectors are mean colours (similar) and mean
// brightness (copy) of the cells of a grid, so equal pixels give equal vectors
// and alike pictures near ones. Deterministic, fast, thread-safe.
class FakeEmbedder : public Embedder {
 public:
  // `id` stands for another model where a test needs two.
  explicit FakeEmbedder(std::string id = std::string(64, 'f'));

  const ModelInfo& model() const override { return model_; }

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override;

 private:
  const ModelInfo model_;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_FAKES_FAKE_EMBEDDER_H_
