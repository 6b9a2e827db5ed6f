// The measurements of `likeness bench`. Each prints JSON objects, one a line,
// with at least bench, metric, value and unit.
#ifndef LIKENESS_TOOLS_BENCH_H_
#define LIKENESS_TOOLS_BENCH_H_

#include <cstdint>
#include <ostream>

#include "absl/status/status.h"
#include "engine/embed/embedder.h"

namespace likeness {

struct BenchFlatOptions {
  int vectors = 100'000;
  int dimensions = 256;
  int batch = 256;
  int k = 10;
  double seconds = 2;  // Of each measurement.
  uint32_t seed = 1;
};

// Over ClusteredVectors; queries are drawn alike.
absl::Status BenchFlat(const BenchFlatOptions& options, std::ostream& out);

struct BenchEmbedOptions {
  int workers = 0;     // Threads that run the network; 0: one for each core.
  double seconds = 2;  // Of each measurement.
};

absl::Status BenchEmbed(const Embedder& embedder,
                        const BenchEmbedOptions& options, std::ostream& out);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_BENCH_H_
