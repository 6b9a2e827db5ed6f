#ifndef LIKENESS_TOOLS_BENCH_INGEST_H_
#define LIKENESS_TOOLS_BENCH_INGEST_H_

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/status/status.h"

namespace likeness {

struct BenchIngestOptions {
  int vectors = 100'000;
  int dimensions = 256;
  int batch = 256;     // Items a call; each call is synced.
  double seconds = 2;  // Of each measurement of reads.
  uint32_t seed = 1;
  // Where the data directory is made, and removed: the disk that is measured.
  std::string folder = "/tmp";
};

// Ready vectors, with two metadata fields each, into a new collection by one
// writer: items a second, acknowledged after the sync and visible to a search
// that names the last operation. Then what the metadata of ten items takes
// beside a search for ten. Prints JSON objects, one a line.
absl::Status BenchIngest(const BenchIngestOptions& options, std::ostream& out);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_BENCH_INGEST_H_
