#ifndef LIKENESS_TOOLS_BENCH_COLLECTION_H_
#define LIKENESS_TOOLS_BENCH_COLLECTION_H_

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>

#include "absl/status/status.h"

namespace likeness {

struct BenchCollectionOptions {
  // Where the data directory is made; empty: a folder of the system's, removed
  // afterwards.
  std::string folder;
  // The bundle that a server over it loads, to be timed as well.
  std::string model;
  size_t items = 100'000;
  int dimensions = 256;
  size_t batch = 256;  // Items a write; each write waits for the disk.
  uint32_t seed = 1;
};

// The life of one collection of ready vectors: writing it, building one sealed
// segment, searching before and after, closing and opening it, in a server and
// here, deleting half of it, compacting, searching meanwhile. Prints what each
// takes, in time, disk and memory, and the recall of searches with default
// settings against exact ones. JSON objects, one a line.
absl::Status BenchCollection(const BenchCollectionOptions& options,
                             std::ostream& out);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_BENCH_COLLECTION_H_
