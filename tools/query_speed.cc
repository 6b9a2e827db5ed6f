#include "tools/query_speed.h"

#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/bitmap.h"
#include "engine/core/status_macros.h"
#include "tools/measure.h"

namespace likeness {

absl::StatusOr<QuerySpeed> MeasureQuerySpeed(const VectorIndex& index,
                                             absl::Span<const float> queries,
                                             const IndexSearchParams& params,
                                             double seconds, int threads) {
  const auto width = static_cast<size_t>(index.dimensions());
  const size_t count = queries.size() / width;
  Bitmap all;
  all.Grow(index.size(), true);
  std::vector<uint64_t> runs(static_cast<size_t>(threads));
  std::vector<absl::Status> statuses(runs.size());
  const double cpu_begin = CpuSeconds();
  const absl::Time begin = absl::Now();
  const absl::Time end = begin + absl::Seconds(seconds);
  const auto work = [&](size_t self) {
    for (size_t q = self * count / runs.size(); absl::Now() < end; ++q) {
      const auto query = queries.subspan(q % count * width, width);
      statuses[self].Update(index.Search(query, params, all).status());
      ++runs[self];
    }
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < runs.size(); ++i) others.emplace_back(work, i);
  work(0);
  for (std::thread& other : others) other.join();
  const double elapsed = absl::ToDoubleSeconds(absl::Now() - begin);
  uint64_t sum = 0;
  for (size_t i = 0; i < runs.size(); ++i) {
    RETURN_IF_ERROR(statuses[i]);
    sum += runs[i];
  }
  const auto answered = static_cast<double>(sum);
  return QuerySpeed{answered / elapsed,
                    answered * threads / (CpuSeconds() - cpu_begin)};
}

}  // namespace likeness
