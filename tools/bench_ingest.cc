#include "tools/bench_ingest.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/collection/collection_set.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"
#include "tools/measure.h"
#include "tools/scratch_folder.h"

namespace likeness {
namespace {

constexpr int kHits = 10;

class VectorSource {
 public:
  explicit VectorSource(const BenchIngestOptions& options)
      : dimensions_(static_cast<size_t>(options.dimensions)),
        random_(options.seed) {}

  std::vector<float> Draw() {
    std::vector<float> vector(dimensions_);
    std::generate(vector.begin(), vector.end(),
                  [this] { return normal_(random_); });
    return vector;
  }

  // `count` writes of an item each, called from `first` on.
  std::vector<AtomicWrite> DrawWrites(int first, int count) {
    std::vector<AtomicWrite> writes(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      Mutation& put = writes[static_cast<size_t>(i)].mutations.emplace_back();
      put.item.id = absl::StrCat("item", first + i);
      put.item.metadata["brand"] = absl::StrCat("brand", i % 100);
      put.item.metadata["price"] = static_cast<int64_t>(i);
      put.vectors[Space::kSimilar] = Draw();
    }
    return writes;
  }

 private:
  const size_t dimensions_;
  std::mt19937 random_;
  std::normal_distribution<float> normal_;
};

// Seconds that the calls took, the making of their vectors aside.
absl::StatusOr<double> Fill(Collection& collection, VectorSource& source,
                            const BenchIngestOptions& options) {
  absl::Duration busy;
  for (int done = 0; done < options.vectors; done += options.batch) {
    std::vector<AtomicWrite> writes = source.DrawWrites(
        done, std::min(options.batch, options.vectors - done));
    const absl::Time begin = absl::Now();
    const std::vector<WriteResult> results =
        collection.Apply(std::move(writes));
    busy += absl::Now() - begin;
    for (const WriteResult& result : results) {
      RETURN_IF_ERROR(result.status());
    }
  }
  return absl::ToDoubleSeconds(busy);
}

// Microseconds that `work` takes, on average.
absl::StatusOr<double> Microseconds(double seconds,
                                    const std::function<absl::Status()>& work) {
  ASSIGN_OR_RETURN(const double runs, RunsPerSecond(seconds, work));
  return 1e6 / runs;
}

void Print(nlohmann::ordered_json line, const BenchIngestOptions& options,
           std::ostream& out) {
  PrintFigure(std::move(line),
              {{"vectors", options.vectors},
               {"dimensions", options.dimensions},
               {"batch", options.batch},
               {"seed", options.seed}},
              out);
}

absl::Status MeasureReads(const Collection& collection, VectorSource& source,
                          const BenchIngestOptions& options,
                          std::ostream& out) {
  SearchRequest request;
  request.k = kHits;
  request.min_op_id = static_cast<uint64_t>(options.vectors);
  ASSIGN_OR_RETURN(const double search, Microseconds(options.seconds, [&] {
                     request.target = source.Draw();
                     return collection.Search(request).status();
                   }));
  std::mt19937 random(options.seed);
  std::uniform_int_distribution<int> pick(0, options.vectors - 1);
  ASSIGN_OR_RETURN(const double metadata, Microseconds(options.seconds, [&] {
                     std::vector<std::string> ids(kHits);
                     for (std::string& id : ids) {
                       id = absl::StrCat("item", pick(random));
                     }
                     return collection.GetMany(ids, ReadParts{}).status();
                   }));
  Print({{"bench", "ingest"},
         {"metric", "metadata_of_ten_items"},
         {"value", metadata},
         {"unit", "us"},
         {"against", "search for ten"},
         {"against_value", search},
         {"ratio", search / metadata}},
        options, out);
  return absl::OkStatus();
}

}  // namespace

absl::Status BenchIngest(const BenchIngestOptions& options, std::ostream& out) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ScratchFolder> folder,
                   ScratchFolder::Make(options.folder));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<CollectionSet> set,
      CollectionSet::Open(absl::StrCat(folder->path(), "/data"), true));
  CollectionSpec spec;
  spec.name = "bench";
  spec.dimensions[Space::kSimilar] = options.dimensions;
  ASSIGN_OR_RETURN(const std::shared_ptr<Collection> collection,
                   set->Create(spec));
  VectorSource source(options);
  ASSIGN_OR_RETURN(const double seconds, Fill(*collection, source, options));
  Print({{"bench", "ingest"},
         {"metric", "insert"},
         {"value", options.vectors / seconds},
         {"unit", "items/s"}},
        options, out);
  return MeasureReads(*collection, source, options, out);
}

}  // namespace likeness
