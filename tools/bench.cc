#include "tools/bench.h"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "engine/core/status_macros.h"
#include "engine/index/flat_index.h"
#include "nlohmann/json.hpp"
#include "tools/clustered_vectors.h"
#include "tools/measure.h"

namespace likeness {
namespace {

constexpr size_t kSingleQueries = 64;  // Taken in turn.

// A picture of noise: the network takes as long for it as for any other.
NetworkInput Noise(int side) {
  NetworkInput input;
  input.pixels = Image(side, side);
  std::mt19937 random(1);
  std::generate_n(input.pixels.data(), input.pixels.size_bytes(),
                  [&] { return static_cast<uint8_t>(random()); });
  return input;
}

}  // namespace

absl::Status BenchFlat(const BenchFlatOptions& options, std::ostream& out) {
  const auto dimensions = static_cast<size_t>(options.dimensions);
  ClusteredVectors data(dimensions, options.seed);
  ASSIGN_OR_RETURN(const std::unique_ptr<GrowingIndex> index,
                   MakeFlatIndex(options.dimensions));
  RETURN_IF_ERROR(index->Add(data.Draw(static_cast<size_t>(options.vectors))));
  Bitmap all;
  all.Grow(index->size(), true);
  const IndexSearchParams params{.k = options.k};
  const nlohmann::ordered_json setup = {{"vectors", options.vectors},
                                        {"dimensions", options.dimensions},
                                        {"k", options.k},
                                        {"seed", options.seed}};

  const std::vector<float> batch =
      data.Draw(static_cast<size_t>(options.batch));
  ASSIGN_OR_RETURN(const double batches, RunsPerSecond(options.seconds, [&] {
                     return index->Search(batch, params, all).status();
                   }));
  PrintFigure({{"bench", "flat"},
               {"metric", "batched_queries"},
               {"value", batches * options.batch},
               {"unit", "queries/s"},
               {"batch", options.batch}},
              setup, out);

  const std::vector<float> queries = data.Draw(kSingleQueries);
  size_t turn = 0;
  ASSIGN_OR_RETURN(const double singles, RunsPerSecond(options.seconds, [&] {
                     const auto query = absl::MakeConstSpan(queries).subspan(
                         (turn++ % kSingleQueries) * dimensions, dimensions);
                     return index->Search(query, params, all).status();
                   }));
  PrintFigure({{"bench", "flat"},
               {"metric", "single_queries"},
               {"value", singles},
               {"unit", "queries/s"}},
              setup, out);
  return absl::OkStatus();
}

absl::Status BenchEmbed(const Embedder& embedder,
                        const BenchEmbedOptions& options, std::ostream& out) {
  for (const int batch : {1, 8, 32}) {
    std::vector<NetworkInput> inputs;
    inputs.reserve(static_cast<size_t>(batch));
    for (int i = 0; i < batch; ++i) {
      inputs.push_back(Noise(embedder.model().input_side));
    }
    ASSIGN_OR_RETURN(const double runs, RunsPerSecond(options.seconds, [&] {
                       return embedder.Embed(inputs).status();
                     }));
    PrintFigure({{"bench", "embed"},
                 {"metric", "time_per_picture"},
                 {"value", 1000.0 / (runs * batch)},
                 {"unit", "ms"}},
                {{"pictures_a_call", batch},
                 {"workers", options.workers},
                 {"model_id", embedder.model().id}},
                out);
  }
  return absl::OkStatus();
}

}  // namespace likeness
