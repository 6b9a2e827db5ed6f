#ifndef LIKENESS_TOOLS_CLUSTERED_VECTORS_H_
#define LIKENESS_TOOLS_CLUSTERED_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace likeness {

// Unit vectors for measurements: one of 1,000 centres, each drawn from a normal
// distribution in every dimension, plus half as much normal noise, scaled to
// length 1. The draws are those of std::mt19937, so a seed gives the same
// vectors with one standard library.
class ClusteredVectors {
 public:
  ClusteredVectors(size_t dimensions, uint32_t seed);

  // The next `count` vectors, row-major.
  std::vector<float> Draw(size_t count);

 private:
  std::vector<float> Normal();

  const size_t dimensions_;
  std::mt19937 random_;
  std::vector<std::vector<float>> centres_;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_CLUSTERED_VECTORS_H_
