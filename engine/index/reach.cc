#include "engine/index/reach.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "engine/index/top_k.h"
#include "engine/index/tuning.h"

namespace likeness {
namespace {

// So much further lie as good as no more: the first deletion changes nothing.
constexpr double kAsGood = 1.05;
// Standard deviations of what an even filter hides.
constexpr double kByChance = 3;
// Of the numbers that are measured, each twice the one before.
constexpr size_t kFewestNeighbors = 10;
constexpr size_t kMostNeighbors = 10'240;
// Rows that are compared with all queries before the next ones are read: 64 MiB
// of 256 dimensions.
constexpr size_t kRowsAtOnce = size_t{1} << 16;

// The largest number that is measured.
size_t MostNeighbors(size_t rows) {
  size_t most = kFewestNeighbors;
  while (most < kMostNeighbors && 2 * most <= rows / 10) most *= 2;
  return most;
}

// Of the first `neighbors` of each query, with that effort: what the mean is at
// least, with 95 % confidence.
double RecallWith(const std::vector<std::vector<uint32_t>>& efforts,
                  size_t neighbors, size_t effort) {
  std::vector<double> recalls;
  recalls.reserve(efforts.size());
  for (const std::vector<uint32_t>& each : efforts) {
    const auto end = each.begin() + static_cast<std::ptrdiff_t>(
                                        std::min(neighbors, each.size()));
    const auto met = std::count_if(each.begin(), end, [effort](uint32_t least) {
      return least <= effort;
    });
    recalls.push_back(
        static_cast<double>(met) /
        static_cast<double>(std::max<std::ptrdiff_t>(end - each.begin(), 1)));
  }
  return LowerBoundOfMean(recalls);
}

}  // namespace

absl::StatusOr<ReachTable> ReachTable::Make(std::vector<ReachPoint> points,
                                            size_t most) {
  std::tuple<uint32_t, float> below(0, 1.0F);
  for (const ReachPoint& point : points) {
    const std::tuple<uint32_t, float> at(point.neighbors, point.recall);
    if (!(point.recall > 0 && point.recall <= 1) || !(at > below) ||
        point.effort < 1 || point.effort > most) {
      return absl::DataLossError("is no table of rising recalls");
    }
    below = at;
  }
  ReachTable table;
  table.points_ = std::move(points);
  return table;
}

std::optional<size_t> ReachTable::EffortFor(float recall_target,
                                            double neighbors) const {
  const auto found = std::find_if(
      points_.begin(), points_.end(), [&](const ReachPoint& point) {
        return point.recall >= recall_target &&
               kAsGood * point.neighbors >= neighbors;
      });
  if (found == points_.end()) return std::nullopt;
  return found->effort;
}

double NeighborsToPass(double k, double share, double deviations) {
  return (k + deviations * std::sqrt(k * (1 - share))) / share;
}

double EvenNeighbors(size_t k, size_t rows, size_t allowed, double deviations) {
  return NeighborsToPass(
      static_cast<double>(k),
      std::max(static_cast<double>(allowed), 0.5) / static_cast<double>(rows),
      deviations);
}

double NeighborsPastHidden(double met, size_t k, size_t rows, size_t allowed) {
  return met + std::max(0.0, met - EvenNeighbors(k, rows, allowed, kByChance));
}

absl::StatusOr<std::vector<std::vector<Neighbor>>> FindNearest(
    const NearestJob& job) {
  const size_t rows = job.index.size();
  const auto width = static_cast<size_t>(job.index.dimensions());
  std::vector<TopK> nearest(
      job.queries.size() / width,
      TopK(IndexSearchParams{.k = static_cast<int>(MostNeighbors(rows))}));
  for (size_t first = 0; first < rows; first += kRowsAtOnce) {
    Bitmap block;
    block.Grow(first, false);
    block.Grow(std::min(first + kRowsAtOnce, rows), true);
    block.Grow(rows, false);
    if (job.left_out.size() > 0) block.AndNot(job.left_out);
    for (size_t i = 0; i < nearest.size(); ++i) {
      if (job.pace && !job.pace()) {
        return absl::CancelledError("the tuning was cancelled");
      }
      job.index.Score(job.queries.subspan(i * width, width), block,
                      [&nearest, i](absl::Span<const size_t> ordinals,
                                    absl::Span<const float> similarities) {
                        for (size_t j = 0; j < ordinals.size(); ++j) {
                          nearest[i].Offer(ordinals[j], similarities[j]);
                        }
                      });
    }
  }
  std::vector<std::vector<Neighbor>> taken;
  taken.reserve(nearest.size());
  for (TopK& top : nearest) taken.push_back(top.Take());
  return taken;
}

size_t NextEffort(size_t effort) {
  return std::max(effort + 1, effort * 9 / 8);
}

absl::StatusOr<ReachTable> TabulateReach(
    const std::vector<std::vector<uint32_t>>& efforts, size_t rows,
    size_t least, size_t most) {
  const TuneOptions options;
  std::vector<ReachPoint> points;
  for (size_t neighbors = kFewestNeighbors; neighbors <= MostNeighbors(rows);
       neighbors *= 2) {
    auto target = options.recall_targets.begin();
    for (size_t effort = least;; effort = std::min(most, NextEffort(effort))) {
      const double recall = RecallWith(efforts, neighbors, effort);
      for (; target != options.recall_targets.end() && recall >= *target;
           ++target) {
        points.push_back({static_cast<uint32_t>(neighbors), *target,
                          static_cast<uint32_t>(effort)});
      }
      if (target == options.recall_targets.end() || effort >= most) break;
    }
  }
  return ReachTable::Make(std::move(points), most);
}

}  // namespace likeness
