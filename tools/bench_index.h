// The measurements of `likeness bench index`.
#ifndef LIKENESS_TOOLS_BENCH_INDEX_H_
#define LIKENESS_TOOLS_BENCH_INDEX_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/status/status.h"

namespace likeness {

struct BenchIndexOptions {
  int vectors = 200'000;
  int dimensions = 256;
  int m = 32;
  int ef_construction = 100;
  int threads = 1;       // Of the build.
  double seconds = 0.5;  // Of each measurement.
  uint32_t seed = 1;
  // Where vectors, queries, their exact answers and the index files are kept
  // for another run, or another program; empty: removed at the end.
  std::string folder;
  std::string plot;  // HTML page with recall against speed; empty: none.
};

// Builds HNSW indexes over ClusteredVectors for float32 and for 8-bit codes,
// and an IVF index for 8-bit codes, and prints JSON lines: build time and bytes
// a vector, then recall@10 and queries a second of one thread for rising
// ef_search or nprobe, and of two threads, and searches of which only a share
// of the rows is allowed.
// What the folder holds already (of the same sizes) is used as it is.
absl::Status BenchIndex(const BenchIndexOptions& options, std::ostream& out);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_BENCH_INDEX_H_
