#include "tools/bench_collection.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/collection/collection_set.h"
#include "engine/core/status_macros.h"
#include "tools/clustered_vectors.h"
#include "tools/measure.h"
#include "tools/scratch_folder.h"
#include "tools/server_start.h"

namespace likeness {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSearches = 200;
constexpr int kTop = 10;
constexpr double kBytesPerMib = 1 << 20;
constexpr absl::string_view kName = "bench";

double DiskMib(const fs::path& folder) {
  uint64_t bytes = 0;
  std::error_code ignored;
  for (fs::recursive_directory_iterator entry(folder, ignored), end;
       !ignored && entry != end; entry.increment(ignored)) {
    if (entry->is_regular_file(ignored)) bytes += entry->file_size(ignored);
  }
  return static_cast<double>(bytes) / kBytesPerMib;
}

// Without what is mapped from files: the kernel takes that back.
double MemoryMib() {
  std::ifstream statm("/proc/self/statm");
  uint64_t size = 0;
  uint64_t resident = 0;
  uint64_t shared = 0;
  statm >> size >> resident >> shared;
  return static_cast<double>(resident - shared) *
         static_cast<double>(sysconf(_SC_PAGESIZE)) / kBytesPerMib;
}

class CollectionBench {
 public:
  CollectionBench(const BenchCollectionOptions& options, fs::path folder,
                  std::ostream& out)
      : options_(options),
        folder_(std::move(folder)),
        out_(out),
        vectors_(static_cast<size_t>(options.dimensions), options.seed) {}

  absl::Status Run() {
    RETURN_IF_ERROR(Open(/*create=*/true));
    RETURN_IF_ERROR(Write());
    queries_ = vectors_.Draw(kSearches);
    RETURN_IF_ERROR(Search("growing"));
    RETURN_IF_ERROR(Compact("build"));
    RETURN_IF_ERROR(Search("sealed"));
    RETURN_IF_ERROR(Reopen());
    RETURN_IF_ERROR(Search("reopened"));
    PrintSize("full");
    RETURN_IF_ERROR(DeleteHalf());
    PrintSize("half deleted");
    RETURN_IF_ERROR(Search("half deleted"));
    RETURN_IF_ERROR(SearchWhileCompacting());
    PrintSize("half deleted, compacted");
    RETURN_IF_ERROR(Search("half deleted, compacted"));
    return absl::OkStatus();
  }

 private:
  void Print(const std::string& metric, double value, const std::string& unit,
             const std::string& state = "") {
    nlohmann::ordered_json line = {{"bench", "start"},
                                   {"metric", metric},
                                   {"value", value},
                                   {"unit", unit}};
    if (!state.empty()) line["state"] = state;
    PrintFigure(std::move(line),
                {{"items", options_.items},
                 {"dimensions", options_.dimensions},
                 {"batch", options_.batch},
                 {"seed", options_.seed}},
                out_);
  }

  absl::Status Open(bool create) {
    ASSIGN_OR_RETURN(set_, CollectionSet::Open(folder_.string(), create));
    if (!create) {
      ASSIGN_OR_RETURN(collection_, set_->Get(kName));
      return absl::OkStatus();
    }
    CollectionSpec spec;
    spec.name = std::string(kName);
    spec.dimensions[Space::kSimilar] = options_.dimensions;
    ASSIGN_OR_RETURN(collection_, set_->Create(spec));
    return absl::OkStatus();
  }

  // Vectors are drawn before the clock starts, a stretch at a time.
  absl::Status Write() {
    constexpr size_t kStretch = 1 << 15;
    absl::Duration writing;
    for (size_t begin = 0; begin < options_.items; begin += kStretch) {
      const size_t end = std::min(options_.items, begin + kStretch);
      const std::vector<float> drawn = vectors_.Draw(end - begin);
      const absl::Time start = absl::Now();
      RETURN_IF_ERROR(WriteStretch(begin, end, drawn));
      writing += absl::Now() - start;
    }
    Print("insert",
          static_cast<double>(options_.items) / absl::ToDoubleSeconds(writing),
          "vectors/s");
    return absl::OkStatus();
  }

  absl::Status WriteStretch(size_t begin, size_t end,
                            const std::vector<float>& drawn) {
    const auto width = static_cast<std::ptrdiff_t>(options_.dimensions);
    for (size_t at = begin; at < end;) {
      std::vector<Mutation> puts;
      for (; at < end && puts.size() < options_.batch; ++at) {
        Mutation& put = puts.emplace_back();
        put.item.id = absl::StrCat("item ", at);
        const auto row =
            drawn.begin() + static_cast<std::ptrdiff_t>(at - begin) * width;
        put.vectors[Space::kSimilar].assign(row, row + width);
      }
      RETURN_IF_ERROR(collection_->Upsert(std::move(puts)).status());
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::set<std::string>> Find(size_t query, bool exact) const {
    SearchRequest request;
    const auto width = static_cast<std::ptrdiff_t>(options_.dimensions);
    const auto row =
        queries_.begin() + static_cast<std::ptrdiff_t>(query) * width;
    request.target = std::vector<float>(row, row + width);
    request.k = kTop;
    request.exact = exact;
    ASSIGN_OR_RETURN(const SearchResult result, collection_->Search(request));
    std::set<std::string> ids;
    for (const Hit& hit : result.hits) ids.insert(hit.id);
    return ids;
  }

  // Runs default searches, with the metadata of their hits, and adds what each
  // took and found.
  absl::Status FindAll(std::vector<double>& milliseconds,
                       std::vector<std::set<std::string>>& found) const {
    for (size_t query = 0; query < kSearches; ++query) {
      const absl::Time start = absl::Now();
      ASSIGN_OR_RETURN(found.emplace_back(), Find(query, /*exact=*/false));
      milliseconds.push_back(absl::ToDoubleMilliseconds(absl::Now() - start));
    }
    return absl::OkStatus();
  }

  // Returns the p99.
  double PrintLatency(std::vector<double> milliseconds,
                      const std::string& state) {
    std::sort(milliseconds.begin(), milliseconds.end());
    const double p99 = milliseconds[milliseconds.size() * 99 / 100];
    Print("search p50", milliseconds[milliseconds.size() / 2], "ms", state);
    Print("search p99", p99, "ms", state);
    return p99;
  }

  // Latency of default searches, and their recall beside exact ones.
  absl::Status Search(const std::string& state) {
    std::vector<double> milliseconds;
    std::vector<std::set<std::string>> found;
    RETURN_IF_ERROR(FindAll(milliseconds, found));
    idle_p99_ = PrintLatency(std::move(milliseconds), state);
    size_t shared = 0;
    for (size_t query = 0; query < kSearches; ++query) {
      ASSIGN_OR_RETURN(const auto truth, Find(query, /*exact=*/true));
      for (const std::string& id : found[query]) shared += truth.count(id);
    }
    Print("recall@10", static_cast<double>(shared) / (kSearches * kTop),
          "share", state);
    return absl::OkStatus();
  }

  // What the last Search() measured, again while all segments are built anew.
  absl::Status SearchWhileCompacting() {
    std::future<absl::Status> compacted =
        std::async(std::launch::async, [this] { return Compact("compact"); });
    std::vector<double> milliseconds;
    std::vector<std::set<std::string>> found;
    absl::Status status;
    do {
      found.clear();
      status.Update(FindAll(milliseconds, found));
    } while (status.ok() && compacted.wait_for(std::chrono::seconds(0)) !=
                                std::future_status::ready);
    status.Update(compacted.get());
    RETURN_IF_ERROR(status);
    const double p99 = PrintLatency(std::move(milliseconds), "compacting");
    Print("search p99 of compacting to idle", p99 / idle_p99_, "ratio");
    return absl::OkStatus();
  }

  absl::Status Compact(const std::string& metric) {
    const absl::Time start = absl::Now();
    RETURN_IF_ERROR(collection_->Compact());
    Print(metric, absl::ToDoubleSeconds(absl::Now() - start), "s");
    return absl::OkStatus();
  }

  absl::Status Reopen() {
    collection_.reset();
    set_.reset();
    ASSIGN_OR_RETURN(const ServerStart server,
                     MeasureServerStart(folder_.string(), options_.model));
    Print("first health answer", absl::ToDoubleMilliseconds(server.answering),
          "ms");
    Print("server ready", absl::ToDoubleSeconds(server.serving), "s");
    const absl::Time start = absl::Now();
    RETURN_IF_ERROR(Open(/*create=*/false));
    Print("start", absl::ToDoubleSeconds(absl::Now() - start), "s");
    return collection_->stats().opened;
  }

  absl::Status DeleteHalf() {
    const absl::Time start = absl::Now();
    const size_t deleted = (options_.items + 1) / 2;
    std::vector<std::string> ids;
    for (size_t i = 0; i < options_.items; i += 2) {
      ids.push_back(absl::StrCat("item ", i));
      if (ids.size() < options_.batch && i + 2 < options_.items) continue;
      RETURN_IF_ERROR(collection_->Delete(ids).status());
      ids.clear();
    }
    Print("delete",
          static_cast<double>(deleted) /
              absl::ToDoubleSeconds(absl::Now() - start),
          "items/s");
    return absl::OkStatus();
  }

  void PrintSize(const std::string& state) {
    Print("disk", DiskMib(folder_), "MiB", state);
    Print("segments on disk", DiskMib(folder_ / "segments"), "MiB", state);
    Print("memory", MemoryMib(), "MiB", state);
  }

  const BenchCollectionOptions& options_;
  const fs::path folder_;
  std::ostream& out_;
  ClusteredVectors vectors_;
  std::vector<float> queries_;
  double idle_p99_ = 0;  // Of the last Search(), in milliseconds.
  std::unique_ptr<CollectionSet> set_;
  std::shared_ptr<Collection> collection_;
};

}  // namespace

absl::Status BenchCollection(const BenchCollectionOptions& options,
                             std::ostream& out) {
  if (options.folder.empty()) {
    ASSIGN_OR_RETURN(const std::unique_ptr<ScratchFolder> made,
                     ScratchFolder::Make());
    return CollectionBench(options, made->path(), out).Run();
  }
  std::error_code error;
  if (fs::exists(options.folder, error) &&
      !fs::is_empty(options.folder, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.folder, " is not empty"));
  }
  return CollectionBench(options, options.folder, out).Run();
}

}  // namespace likeness
