#include "engine/index/list_tuning.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "engine/core/bitmap.h"
#include "engine/core/status_macros.h"
#include "engine/index/list_scan.h"
#include "engine/index/top_k.h"
#include "engine/index/tuning.h"

namespace likeness {
namespace {

constexpr double kMargin = 1.25;
constexpr size_t kNeighbors[] = {10, 100, 1000, 10'000};
// Rows that are compared with all queries before the next ones are read: 64 MiB
// of 256 dimensions.
constexpr size_t kRowsAtOnce = size_t{1} << 16;

// Of the steps that are tried.
size_t Next(size_t nprobe) { return std::max(nprobe + 1, nprobe * 9 / 8); }

class ListTuner {
 public:
  explicit ListTuner(const ListTuneJob& job)
      : job_(job),
        width_(static_cast<size_t>(job.index.dimensions())),
        lists_(job.centroids.count()) {
    for (const size_t neighbors : kNeighbors) {
      if (neighbors > kNeighbors[0] && neighbors > job.index.size() / 10) break;
      most_ = neighbors;
    }
  }

  absl::StatusOr<ListTuning> Run() {
    std::vector<TopK> nearest(
        num_queries(), TopK(IndexSearchParams{.k = static_cast<int>(most_)}));
    RETURN_IF_ERROR(FindNearest(nearest));
    for (size_t i = 0; i < nearest.size(); ++i) {
      places_.push_back(PlacesOf(Query(i), nearest[i].Take()));
    }
    std::vector<ListPoint> points;
    for (const size_t neighbors : kNeighbors) {
      if (neighbors <= most_) Measure(neighbors, points);
    }
    return ListTuning::Make(std::move(points), lists_);
  }

 private:
  size_t num_queries() const { return job_.queries.size() / width_; }
  absl::Span<const float> Query(size_t i) const {
    return job_.queries.subspan(i * width_, width_);
  }

  // Reads the rows once for all queries: they may be more than memory holds.
  absl::Status FindNearest(std::vector<TopK>& nearest) const {
    const size_t rows = job_.index.size();
    for (size_t first = 0; first < rows; first += kRowsAtOnce) {
      Bitmap block;
      block.Grow(first, false);
      block.Grow(std::min(first + kRowsAtOnce, rows), true);
      for (size_t i = 0; i < nearest.size(); ++i) {
        if (job_.pace && !job_.pace()) {
          return absl::CancelledError("the tuning was cancelled");
        }
        job_.index.Score(Query(i), block,
                         [&nearest, i](absl::Span<const size_t> ordinals,
                                       absl::Span<const float> similarities) {
                           for (size_t j = 0; j < ordinals.size(); ++j) {
                             nearest[i].Offer(ordinals[j], similarities[j]);
                           }
                         });
      }
    }
    return absl::OkStatus();
  }

  // Of each of the query's neighbours, in their order, how many lists come
  // before its own.
  std::vector<uint32_t> PlacesOf(absl::Span<const float> query,
                                 const std::vector<Neighbor>& nearest) const {
    std::vector<uint32_t> place_of(lists_);
    ListOrder order(job_.centroids, query.data());
    for (uint32_t place = 0; order.has_next(); ++place) {
      place_of[order.Next()] = place;
    }
    std::vector<uint32_t> places;
    places.reserve(nearest.size());
    for (const Neighbor& neighbor : nearest) {
      places.push_back(place_of[job_.list_of[neighbor.ordinal]]);
    }
    return places;
  }

  void Measure(size_t neighbors, std::vector<ListPoint>& points) const {
    const TuneOptions options;
    auto target = options.recall_targets.begin();
    for (size_t nprobe = 1; target != options.recall_targets.end();
         nprobe = std::min(lists_, Next(nprobe))) {
      const double recall = RecallWith(neighbors, nprobe);
      for (; target != options.recall_targets.end() && recall >= *target;
           ++target) {
        points.push_back({static_cast<uint32_t>(neighbors), *target,
                          static_cast<uint32_t>(nprobe)});
      }
    }
  }

  // What it is at least, with 95 % confidence; 1 with all lists.
  double RecallWith(size_t neighbors, size_t nprobe) const {
    std::vector<double> recalls;
    recalls.reserve(places_.size());
    for (const std::vector<uint32_t>& places : places_) {
      const auto end = places.begin() + static_cast<std::ptrdiff_t>(
                                            std::min(neighbors, places.size()));
      const auto hits =
          std::count_if(places.begin(), end,
                        [nprobe](uint32_t place) { return place < nprobe; });
      recalls.push_back(static_cast<double>(hits) /
                        static_cast<double>(end - places.begin()));
    }
    return LowerBoundOfMean(recalls);
  }

  const ListTuneJob& job_;
  const size_t width_;
  const size_t lists_;
  size_t most_ = 0;                            // Neighbours.
  std::vector<std::vector<uint32_t>> places_;  // By query.
};

}  // namespace

absl::StatusOr<ListTuning> ListTuning::Make(std::vector<ListPoint> points,
                                            size_t lists) {
  std::tuple<uint32_t, float> below(0, 1.0F);
  for (const ListPoint& point : points) {
    const std::tuple<uint32_t, float> at(point.neighbors, point.recall);
    if (!(point.recall > 0 && point.recall <= 1) || !(at > below) ||
        point.nprobe < 1 || point.nprobe > lists) {
      return absl::DataLossError("is no table of rising recalls");
    }
    below = at;
  }
  ListTuning tuning;
  tuning.points_ = std::move(points);
  tuning.lists_ = lists;
  return tuning;
}

std::vector<ListPoint> ListTuning::Reaching(float recall_target) const {
  std::vector<ListPoint> reaching;
  for (const ListPoint& point : points_) {
    if (point.recall < recall_target) continue;
    if (!reaching.empty() && reaching.back().neighbors == point.neighbors) {
      continue;
    }
    reaching.push_back(point);
  }
  return reaching;
}

size_t ListTuning::NprobeFor(float recall_target, double neighbors) const {
  const std::vector<ListPoint> reaching = Reaching(recall_target);
  const auto above = std::find_if(reaching.begin(), reaching.end(),
                                  [neighbors](const ListPoint& point) {
                                    return point.neighbors >= neighbors;
                                  });
  if (above == reaching.end()) return lists_;
  double nprobe = above->nprobe;
  if (above != reaching.begin()) {
    const ListPoint& below = *(above - 1);
    const double way =
        std::log(neighbors / below.neighbors) /
        std::log(static_cast<double>(above->neighbors) / below.neighbors);
    nprobe = below.nprobe * std::pow(nprobe / below.nprobe, way);
  }
  return std::min(lists_, static_cast<size_t>(std::ceil(kMargin * nprobe)));
}

absl::StatusOr<ListTuning> TuneLists(const ListTuneJob& job) {
  return ListTuner(job).Run();
}

}  // namespace likeness
