#ifndef LIKENESS_TOOLS_BENCH_FILTER_H_
#define LIKENESS_TOOLS_BENCH_FILTER_H_

#include <cstdint>
#include <ostream>

#include "absl/status/status.h"

namespace likeness {

struct BenchFilterOptions {
  uint32_t rows = 1'000'000;
  double seconds = 0.5;  // Of each measurement.
  uint64_t seed = 1;
};

// One segment's field index over seeded metadata of a shop (a different article
// number and price in every row, a hundred brands, lists of tags): what making,
// merging and reading it takes, its bytes a row, and the microseconds that
// filters of 50 % of the rows down to one of them take. Prints JSON objects,
// one a line.
absl::Status BenchFilter(const BenchFilterOptions& options, std::ostream& out);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_BENCH_FILTER_H_
