#include "tools/bench_vectors.h"

#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/types/span.h"
#include "engine/core/bitmap.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/index/flat_index.h"
#include "tools/clustered_vectors.h"

namespace likeness {
namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 40;

// Writes what `make` returns to `path`, or reads it where it is there with
// `size` Ts.
template <typename T, typename Make>
absl::StatusOr<std::vector<T>> Kept(const std::string& path, size_t size,
                                    Make make) {
  std::vector<T> values(size);
  std::error_code error;
  if (std::filesystem::file_size(path, error) == size * sizeof(T) && !error) {
    ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, kMaxFileBytes));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  ASSIGN_OR_RETURN(values, make());
  RETURN_IF_ERROR(
      WriteFileDurably(path, {reinterpret_cast<const char*>(values.data()),
                              values.size() * sizeof(T)}));
  return values;
}

// The ordinals of each query's nearest, from an exact search.
absl::StatusOr<std::vector<uint32_t>> Truth(const BenchVectors& vectors,
                                            size_t dimensions) {
  ASSIGN_OR_RETURN(const auto flat,
                   MakeFlatIndex(static_cast<int>(dimensions)));
  RETURN_IF_ERROR(flat->Add(vectors.base));
  Bitmap all;
  all.Grow(flat->size(), true);
  ASSIGN_OR_RETURN(
      const auto results,
      flat->Search(vectors.queries, {.k = BenchVectors::kNeighbors}, all));
  std::vector<uint32_t> truth;
  for (const IndexSearchResult& result : results) {
    for (const Neighbor& neighbor : result.neighbors) {
      truth.push_back(static_cast<uint32_t>(neighbor.ordinal));
    }
  }
  return truth;
}

}  // namespace

absl::StatusOr<BenchVectors> MakeBenchVectors(const std::string& folder,
                                              size_t count, size_t dimensions,
                                              uint32_t seed) {
  using Floats = absl::StatusOr<std::vector<float>>;
  ClusteredVectors drawer(dimensions, seed);
  std::vector<float> base = drawer.Draw(count);
  std::vector<float> queries = drawer.Draw(BenchVectors::kQueries);
  BenchVectors vectors;
  ASSIGN_OR_RETURN(vectors.base,
                   Kept<float>(folder + "/base.f32", base.size(),
                               [&]() -> Floats { return std::move(base); }));
  ASSIGN_OR_RETURN(vectors.queries,
                   Kept<float>(folder + "/queries.f32", queries.size(),
                               [&]() -> Floats { return std::move(queries); }));
  ASSIGN_OR_RETURN(
      vectors.truth,
      Kept<uint32_t>(folder + "/truth.u32",
                     BenchVectors::kQueries * BenchVectors::kNeighbors,
                     [&] { return Truth(vectors, dimensions); }));
  return vectors;
}

}  // namespace likeness
