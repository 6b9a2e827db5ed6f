#include "tools/bench_index.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/index/sealed_index.h"
#include "engine/report/report.h"
#include "nlohmann/json.hpp"
#include "tools/bench_vectors.h"
#include "tools/filtered_search.h"
#include "tools/measure.h"
#include "tools/query_speed.h"
#include "tools/scratch_folder.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kQueries = BenchVectors::kQueries;
constexpr size_t kFiltered = 200;  // Queries with each filter.
constexpr int kNeighbors = BenchVectors::kNeighbors;
constexpr int kEfs[] = {10, 12, 14, 16,  20,  24,  28,  32,  40,
                        48, 64, 80, 100, 128, 160, 200, 256, 400};
constexpr int kNprobes[] = {1,  2,  3,  4,  6,   8,   12,  16, 24,
                            32, 48, 64, 96, 128, 192, 256, 384};
// A curve ends where more candidates find nothing more.
constexpr double kEnoughRecall = 0.998;
constexpr double kTargets[] = {0.90, 0.95, 0.99};

struct Form {
  IndexKind kind;
  VectorCode code;
};
constexpr Form kForms[] = {{IndexKind::kHnsw, VectorCode::kFloat32},
                           {IndexKind::kHnsw, VectorCode::kInt8},
                           {IndexKind::kIvf, VectorCode::kInt8}};

// Graphs by their code alone.
std::string NameOf(const Form& form) {
  const absl::string_view code = VectorCodeName(form.code);
  return form.kind == IndexKind::kHnsw
             ? std::string(code)
             : absl::StrCat(IndexKindName(form.kind), "-", code);
}

absl::Span<const int> EffortsOf(const Form& form) {
  if (form.kind == IndexKind::kHnsw) return kEfs;
  return kNprobes;
}

IndexSearchParams ParamsOf(const Form& form, int effort) {
  IndexSearchParams params;
  params.k = kNeighbors;
  (form.kind == IndexKind::kHnsw ? params.ef_search : params.nprobe) = effort;
  return params;
}

std::string EffortName(const Form& form) {
  return form.kind == IndexKind::kHnsw ? "ef_search" : "nprobe";
}

// One measurement of a curve.
struct Point {
  int effort;  // ef_search of a graph, nprobe of lists.
  double recall;
  QuerySpeed speed;
};

class IndexBench {
 public:
  IndexBench(const BenchIndexOptions& options, std::string folder,
             std::ostream& out)
      : options_(options),
        folder_(std::move(folder)),
        out_(out),
        width_(static_cast<size_t>(options.dimensions)),
        count_(static_cast<size_t>(options.vectors)) {}

  absl::Status Run() {
    ASSIGN_OR_RETURN(data_,
                     MakeBenchVectors(folder_, count_, width_, options_.seed));
    all_.Grow(count_, true);
    Chart chart;
    chart.title = "recall@10 and speed of one thread";
    chart.x_label = "recall@10";
    chart.y_label = "queries a second of processor time";
    for (const Form& form : kForms) {
      ASSIGN_OR_RETURN(const auto index, MakeIndex(form));
      ASSIGN_OR_RETURN(const std::vector<Point> curve, Curve(*index, form));
      ChartSeries& series = chart.series.emplace_back();
      series.name = NameOf(form);
      for (const Point& point : curve) {
        series.points.emplace_back(point.recall, point.speed.by_cpu);
      }
      RETURN_IF_ERROR(PrintTargets(*index, form, curve));
      RETURN_IF_ERROR(PrintFiltered(*index, form));
    }
    return options_.plot.empty() ? absl::OkStatus() : WritePlot(chart);
  }

 private:
  absl::StatusOr<std::unique_ptr<VectorIndex>> MakeIndex(const Form& form) {
    const std::string path = absl::StrCat(folder_, "/", NameOf(form), ".index");
    if (!std::filesystem::exists(path)) {
      const absl::Time begin = absl::Now();
      RETURN_IF_ERROR(BuildIndexFile(
          {count_, options_.dimensions,
           [this](size_t first, absl::Span<float> out) {
             std::copy_n(&data_.base[first * width_], out.size(), out.begin());
             return absl::OkStatus();
           }},
          {.kind = form.kind,
           .code = form.code,
           .m = options_.m,
           .ef_construction = options_.ef_construction,
           .threads = options_.threads},
          path));
      Print("build", absl::ToDoubleSeconds(absl::Now() - begin), "s", form,
            {{"threads", options_.threads}});
    }
    const absl::Time begin = absl::Now();
    ASSIGN_OR_RETURN(auto index, OpenIndexFile(path));
    Print("open", absl::ToDoubleSeconds(absl::Now() - begin), "s", form,
          Json::object());
    const IndexMemory memory = index->memory();
    const auto each = [this](uint64_t bytes) {
      return static_cast<double>(bytes) / static_cast<double>(count_);
    };
    Print("memory", each(memory.owned()), "bytes/vector", form,
          {{"rows", each(memory.rows)},
           {"codes", each(memory.codes)},
           {"links", each(memory.links)},
           {"other", each(memory.other)},
           {"mapped", each(memory.mapped)}});
    return index;
  }

  absl::StatusOr<QuerySpeed> Speed(const VectorIndex& index,
                                   const IndexSearchParams& params,
                                   int threads) const {
    return MeasureQuerySpeed(index, data_.queries, params, options_.seconds,
                             threads);
  }

  absl::StatusOr<double> Recall(const VectorIndex& index,
                                const IndexSearchParams& params) const {
    ASSIGN_OR_RETURN(const auto results,
                     index.Search(data_.queries, params, all_));
    size_t hits = 0;
    for (size_t q = 0; q < kQueries; ++q) {
      const auto* first = &data_.truth[q * kNeighbors];
      const std::set<uint64_t> wanted(first, first + kNeighbors);
      for (const Neighbor& neighbor : results[q].neighbors) {
        hits += wanted.count(neighbor.ordinal);
      }
    }
    return static_cast<double>(hits) / (kQueries * kNeighbors);
  }

  absl::StatusOr<std::vector<Point>> Curve(const VectorIndex& index,
                                           const Form& form) {
    std::vector<Point> curve;
    for (const int effort : EffortsOf(form)) {
      const IndexSearchParams params = ParamsOf(form, effort);
      ASSIGN_OR_RETURN(const double recall, Recall(index, params));
      ASSIGN_OR_RETURN(const QuerySpeed speed, Speed(index, params, 1));
      curve.push_back({effort, recall, speed});
      Print("queries", speed.by_clock, "queries/s", form,
            {{"per_cpu_second", speed.by_cpu},
             {EffortName(form), effort},
             {"recall", recall},
             {"threads", 1}});
      if (recall >= kEnoughRecall) break;
    }
    return curve;
  }

  // The first point of the curve that reaches each target, and how two threads
  // do there.
  absl::Status PrintTargets(const VectorIndex& index, const Form& form,
                            const std::vector<Point>& curve) {
    for (const double target : kTargets) {
      ASSIGN_OR_RETURN(
          const double tuned,
          Recall(index, {.k = kNeighbors,
                         .recall_target = static_cast<float>(target)}));
      Print("recall_of_target", tuned, "recall", form,
            {{"recall_target", target}});
      const auto reached =
          std::find_if(curve.begin(), curve.end(),
                       [target](const Point& p) { return p.recall >= target; });
      if (reached == curve.end()) continue;
      const IndexSearchParams params = ParamsOf(form, reached->effort);
      ASSIGN_OR_RETURN(const QuerySpeed one, Speed(index, params, 1));
      ASSIGN_OR_RETURN(const QuerySpeed two, Speed(index, params, 2));
      Print("queries_two_threads", two.by_clock, "queries/s", form,
            {{"per_cpu_second", two.by_cpu},
             {EffortName(form), reached->effort},
             {"recall", reached->recall},
             {"recall_target", target},
             {"against", "one thread"},
             {"ratio", two.by_clock / one.by_clock},
             {"cpu_ratio", two.by_cpu / one.by_cpu}});
    }
    return absl::OkStatus();
  }

  absl::Status PrintFiltered(const VectorIndex& index, const Form& form) {
    const auto queries =
        absl::MakeConstSpan(data_.queries).subspan(0, kFiltered * width_);
    ASSIGN_OR_RETURN(const auto points,
                     MeasureFiltered(index, queries, options_.seed));
    for (const FilteredSearch& point : points) {
      Print("filtered_query", point.microseconds, "us of processor time", form,
            {{"allowed", point.share},
             {"recall", point.recall},
             {"exact", point.exact},
             {"examined", point.examined},
             {"against", "scoring all allowed"},
             {"ratio", point.scan_microseconds / point.microseconds}});
    }
    return absl::OkStatus();
  }

  void Print(const std::string& metric, double value, const std::string& unit,
             const Form& form, const Json& more) {
    Json line = {{"bench", "index"},
                 {"metric", metric},
                 {"value", value},
                 {"unit", unit},
                 {"kind", std::string(IndexKindName(form.kind))},
                 {"code", std::string(VectorCodeName(form.code))}};
    line.update(more);
    PrintFigure(line,
                {{"vectors", options_.vectors},
                 {"dimensions", options_.dimensions},
                 {"m", options_.m},
                 {"ef_construction", options_.ef_construction},
                 {"seed", options_.seed}},
                out_);
  }

  absl::Status WritePlot(const Chart& chart) const {
    ReportPage page;
    page.title = "likeness bench index";
    page.subtitle = absl::StrCat(options_.vectors, " vectors of ",
                                 options_.dimensions, " dimensions");
    ReportSection& section = page.sections.emplace_back();
    section.heading = "Graphs and lists";
    section.charts = {chart};
    ASSIGN_OR_RETURN(const std::string html, RenderReport(page));
    return WriteFileDurably(options_.plot, html);
  }

  const BenchIndexOptions& options_;
  const std::string folder_;
  std::ostream& out_;
  const size_t width_;
  const size_t count_;
  Bitmap all_;
  BenchVectors data_;
};

}  // namespace

absl::Status BenchIndex(const BenchIndexOptions& options, std::ostream& out) {
  if (!options.folder.empty()) {
    std::error_code error;
    std::filesystem::create_directories(options.folder, error);
    if (error) return absl::ErrnoToStatus(error.value(), options.folder);
    return IndexBench(options, options.folder, out).Run();
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<ScratchFolder> made,
                   ScratchFolder::Make());
  return IndexBench(options, made->path(), out).Run();
}

}  // namespace likeness
