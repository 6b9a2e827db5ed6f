// What ways to index vectors cost and give, measured.
#ifndef LIKENESS_TOOLS_TUNE_INDEX_H_
#define LIKENESS_TOOLS_TUNE_INDEX_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/index/sealed_index.h"

namespace likeness {

// Searches that reach a recall.
struct TunedSearch {
  float recall = 0;
  // The fewest candidates (ef_search) or lists (nprobe) that were enough.
  int effort = 0;
  double queries_per_second = 0;  // Of processor time, one thread.
};

// One way to index them.
struct TunedCandidate {
  IndexBuildParams params;
  double build_seconds = 0;     // One thread.
  double bytes_per_vector = 0;  // Of memory, but for what is mapped.
  double mapped_per_vector = 0;
  // By rising recall; recalls that no search reached are left out.
  std::vector<TunedSearch> searches;

  // The first that reaches `recall`; nullptr when there is none.
  const TunedSearch* At(float recall) const;
};

// In the order in which they are worth being measured when time is short.
std::vector<IndexBuildParams> TuningCandidates();

// Builds an index of `rows` (row-major) in `folder`, measures and removes it.
// `recalls` rise, above 0 and below 1. CANCELLED when `pace` says so.
absl::StatusOr<TunedCandidate> MeasureCandidate(
    absl::Span<const float> rows, int dimensions,
    const IndexBuildParams& params, const std::vector<float>& recalls,
    const std::string& folder, const BuildPace& pace);

// The cheapest of those that reach `recall`: of all within a tenth of the most
// queries a second, the one with the fewest bytes of memory a vector; of equal
// ones the one that is built fastest. nullopt when none does.
std::optional<size_t> Cheapest(const std::vector<TunedCandidate>& candidates,
                               float recall);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_TUNE_INDEX_H_
