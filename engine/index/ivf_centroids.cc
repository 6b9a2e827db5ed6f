#include "engine/index/ivf_centroids.h"

#include <algorithm>

#include "engine/index/kernels.h"
#include "engine/index/vector_code.h"

namespace likeness {

IvfCentroids::IvfCentroids(absl::Span<const int8_t> codes, size_t dimensions)
    : dimensions_(dimensions) {
  const size_t width = Int8CodeWidth(dimensions);
  for (size_t at = 0; at < codes.size(); at += width) {
    rows_.push_back(&codes[at]);
  }
}

std::vector<int8_t> IvfCentroids::CodesOf(absl::Span<const float> centroids,
                                          size_t dimensions) {
  const size_t width = Int8CodeWidth(dimensions);
  const size_t count = centroids.size() / dimensions;
  const float step = Int8Step(centroids);
  std::vector<int8_t> codes(count * width);
  for (size_t i = 0; i < count; ++i) {
    EncodeInt8(centroids.subspan(i * dimensions, dimensions), step,
               absl::MakeSpan(&codes[i * width], width));
  }
  return codes;
}

void IvfCentroids::Compare(const float* vector,
                           absl::Span<float> likeness) const {
  const absl::Span<const float> values(vector, dimensions_);
  std::vector<int8_t> code(Int8CodeWidth(dimensions_));
  EncodeInt8(values, Int8Step(values), absl::MakeSpan(code));
  BestKernels().int8(code.data(), rows_.data(), rows_.size(), code.size(),
                     likeness.data());
}

uint32_t IvfCentroids::Nearest(const float* vector,
                               absl::Span<float> likeness) const {
  Compare(vector, likeness);
  const auto best = std::max_element(likeness.begin(), likeness.end());
  return static_cast<uint32_t>(best - likeness.begin());
}

}  // namespace likeness
