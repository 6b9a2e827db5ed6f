#include "tools/tune_index.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/status_macros.h"
#include "engine/index/tuning.h"
#include "tools/query_speed.h"

namespace likeness {
namespace {

constexpr int kQueries = 500;
// Not the seed that a build tunes its own index with.
constexpr uint64_t kSeed = 2;
constexpr double kSecondsEach = 0.3;
// Differences in speed that are not worth memory.
constexpr double kNearlyAsFast = 0.9;

absl::StatusOr<std::vector<TunedSearch>> MeasureSearches(
    const SealedIndex& index, const std::vector<float>& recalls,
    const BuildPace& pace) {
  ASSIGN_OR_RETURN(const std::vector<float> queries,
                   SampleQueries(index, kQueries, kSeed));
  ASSIGN_OR_RETURN(
      const TuningTable table,
      TuneIndex(
          index, queries,
          {.recall_targets = recalls, .lists = index.lists(), .pace = pace}));
  std::vector<TunedSearch> searches;
  for (const TunedPoint& point : table.points()) {
    TunedSearch& search = searches.emplace_back();
    search.recall = point.recall;
    search.effort = static_cast<int>(point.effort);
    IndexSearchParams params;
    params.k = kTunedK;
    (index.lists() == 0 ? params.ef_search : params.nprobe) = search.effort;
    ASSIGN_OR_RETURN(const QuerySpeed speed,
                     MeasureQuerySpeed(index, queries, params, kSecondsEach,
                                       /*threads=*/1));
    search.queries_per_second = speed.by_cpu;
  }
  return searches;
}

}  // namespace

const TunedSearch* TunedCandidate::At(float recall) const {
  const auto found = std::find_if(
      searches.begin(), searches.end(),
      [recall](const TunedSearch& search) { return search.recall >= recall; });
  return found == searches.end() ? nullptr : &*found;
}

std::vector<IndexBuildParams> TuningCandidates() {
  std::vector<IndexBuildParams> candidates;
  for (const auto& [m, ef_construction] :
       {std::pair{32, 100}, std::pair{16, 100}, std::pair{16, 200},
        std::pair{32, 200}}) {
    for (const VectorCode code :
         {VectorCode::kFloat32, VectorCode::kInt8, VectorCode::kBfloat16,
          VectorCode::kFloat16}) {
      candidates.push_back(
          {.code = code, .m = m, .ef_construction = ef_construction});
    }
  }
  for (const VectorCode code :
       {VectorCode::kInt8, VectorCode::kBfloat16, VectorCode::kFloat16}) {
    candidates.push_back({.kind = IndexKind::kIvf, .code = code});
  }
  return candidates;
}

absl::StatusOr<TunedCandidate> MeasureCandidate(
    absl::Span<const float> rows, int dimensions,
    const IndexBuildParams& params, const std::vector<float>& recalls,
    const std::string& folder, const BuildPace& pace) {
  const auto width = static_cast<size_t>(dimensions);
  const size_t count = rows.size() / width;
  const std::string path = absl::StrCat(folder, "/candidate.index");
  const absl::Time begin = absl::Now();
  RETURN_IF_ERROR(BuildIndexFile({count, dimensions,
                                  [&](size_t first, absl::Span<float> out) {
                                    std::copy_n(rows.data() + first * width,
                                                out.size(), out.begin());
                                    return absl::OkStatus();
                                  }},
                                 params, path, pace));
  TunedCandidate candidate;
  candidate.params = params;
  candidate.build_seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  ASSIGN_OR_RETURN(const auto index, OpenIndexFile(path));
  std::error_code ignored;  // The folder goes in any case.
  std::filesystem::remove(path, ignored);
  const IndexMemory memory = index->memory();
  const auto vectors = static_cast<double>(count);
  candidate.bytes_per_vector = static_cast<double>(memory.owned()) / vectors;
  candidate.mapped_per_vector = static_cast<double>(memory.mapped) / vectors;
  ASSIGN_OR_RETURN(candidate.searches, MeasureSearches(*index, recalls, pace));
  return candidate;
}

std::optional<size_t> Cheapest(const std::vector<TunedCandidate>& candidates,
                               float recall) {
  double fastest = 0;
  for (const TunedCandidate& candidate : candidates) {
    if (const TunedSearch* search = candidate.At(recall); search != nullptr) {
      fastest = std::max(fastest, search->queries_per_second);
    }
  }
  const auto cost = [](const TunedCandidate& candidate) {
    return std::tuple(candidate.bytes_per_vector, candidate.build_seconds);
  };
  std::optional<size_t> best;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const TunedSearch* search = candidates[i].At(recall);
    if (search == nullptr ||
        search->queries_per_second < kNearlyAsFast * fastest) {
      continue;
    }
    if (!best.has_value() || cost(candidates[i]) < cost(candidates[*best])) {
      best = i;
    }
  }
  return best;
}

}  // namespace likeness
