#include "tests/fakes/fake_embedder.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "engine/core/status_macros.h"
#include "engine/embed/check_input.h"

namespace likeness::testing {
namespace {

constexpr float kMiddle = 127.5F;

// Mean of channel `c` over cell (row, column) of a grid of `cells` x `cells`.
float CellMean(const Image& image, int cells, int row, int column, int c) {
  const int side = image.width() / cells;
  float sum = 0;
  for (int y = row * side; y < (row + 1) * side; ++y) {
    for (int x = column * side; x < (column + 1) * side; ++x) {
      sum += image.data()[3 * (y * image.width() + x) + c];
    }
  }
  return sum / static_cast<float>(side * side);
}

// The constant keeps the vector of a grey picture from having no direction.
std::vector<float> ToUnit(std::vector<float> vector) {
  vector.push_back(8.0F);
  const float norm = std::sqrt(
      std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0F));
  for (float& value : vector) value /= norm;
  return vector;
}

std::vector<float> Colours(const Image& image) {
  std::vector<float> vector;
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 4; ++column) {
      for (int c = 0; c < 3; ++c) {
        vector.push_back(CellMean(image, 4, row, column, c) - kMiddle);
      }
    }
  }
  return ToUnit(std::move(vector));
}

std::vector<float> Brightness(const Image& image) {
  std::vector<float> vector;
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      vector.push_back(0.30F * CellMean(image, 8, row, column, 0) +
                       0.59F * CellMean(image, 8, row, column, 1) +
                       0.11F * CellMean(image, 8, row, column, 2) - kMiddle);
    }
  }
  return ToUnit(std::move(vector));
}

ModelInfo FakeModel(std::string id) {
  ModelInfo model{.id = std::move(id),
                  .name = "fake",
                  .dimensions = {},
                  .input_side = kFakeInputSide,
                  .fit = Fit::kStretch};
  model.dimensions[Space::kSimilar] = kFakeSimilarDimensions;
  model.dimensions[Space::kCopy] = kFakeCopyDimensions;
  return model;
}

}  // namespace

FakeEmbedder::FakeEmbedder(std::string id) : model_(FakeModel(std::move(id))) {}

absl::StatusOr<std::vector<Embedding>> FakeEmbedder::Embed(
    absl::Span<const NetworkInput> batch) const {
  RETURN_IF_ERROR(CheckInputs(batch, model_));
  std::vector<Embedding> embeddings(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    embeddings[i].vectors[Space::kSimilar] = Colours(batch[i].pixels);
    embeddings[i].vectors[Space::kCopy] = Brightness(batch[i].pixels);
    embeddings[i].hash = batch[i].hash;
  }
  return embeddings;
}

}  // namespace likeness::testing
