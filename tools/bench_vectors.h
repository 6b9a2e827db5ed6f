#ifndef LIKENESS_TOOLS_BENCH_VECTORS_H_
#define LIKENESS_TOOLS_BENCH_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace likeness {

// What indexes are measured with: ClusteredVectors, queries drawn after them
// from the same centres, and the exact answers.
struct BenchVectors {
  static constexpr size_t kQueries = 1000;
  static constexpr int kNeighbors = 10;

  std::vector<float> base;      // Row-major, as queries are.
  std::vector<float> queries;   // kQueries of them.
  std::vector<uint32_t> truth;  // kNeighbors ordinals of each, best first.
};

// Draws `count` > kNeighbors vectors of `dimensions`, and keeps base.f32,
// queries.f32 and truth.u32 in `folder` for another run or another program;
// what is there in the right size is read instead.
absl::StatusOr<BenchVectors> MakeBenchVectors(const std::string& folder,
                                              size_t count, size_t dimensions,
                                              uint32_t seed);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_BENCH_VECTORS_H_
