#include "engine/evaluate/episodes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// The pictures of one class.
using Rows = std::vector<size_t>;
// Classes that an episode may be drawn from.
using Pool = std::vector<Rows>;

// The first `count` of a random order.
template <typename T>
std::vector<T> DrawSome(std::vector<T> from, size_t count, Random& random) {
  for (size_t i = 0; i < count; ++i) {
    std::swap(from[i], from[i + random.Below(from.size() - i)]);
  }
  from.resize(count);
  return from;
}

// A pool for each class group, or one for all.
std::vector<Pool> MakePools(const EpisodeData& data,
                            const EpisodeOptions& options) {
  std::map<int, Rows> classes;
  for (size_t i = 0; i < data.data.labels.size(); ++i) {
    classes[data.data.labels[i]].push_back(i);
  }
  std::map<std::string, Pool> pools;
  const size_t needed =
      static_cast<size_t>(options.shots) + static_cast<size_t>(options.queries);
  for (auto& [label, rows] : classes) {
    if (rows.size() < needed) continue;
    const std::string group =
        options.within_group ? data.class_groups[static_cast<size_t>(label)]
                             : std::string();
    pools[group].push_back(std::move(rows));
  }
  std::vector<Pool> list;
  list.reserve(pools.size());
  for (auto& [group, pool] : pools) list.push_back(std::move(pool));
  return list;
}

size_t LargestPool(const std::vector<Pool>& pools) {
  size_t largest = 0;
  for (const Pool& pool : pools) largest = std::max(largest, pool.size());
  return largest;
}

Episode DrawEpisode(const Pool& pool, const EpisodeOptions& options,
                    Random& random) {
  Episode episode;
  for (const Rows& rows :
       DrawSome(pool, static_cast<size_t>(options.ways), random)) {
    const auto shots = static_cast<size_t>(options.shots);
    const auto queries = static_cast<size_t>(options.queries);
    const Rows drawn = DrawSome(rows, shots + queries, random);
    const auto middle = drawn.begin() + options.shots;
    episode.support.insert(episode.support.end(), drawn.begin(), middle);
    episode.queries.insert(episode.queries.end(), middle, drawn.end());
  }
  return episode;
}

// One episode with two drawers, or an empty one when the two that came up have
// too few classes in common.
Episode DrawEpisodeOfTwo(const Pool& pool, const EpisodeData& data,
                         const EpisodeOptions& options, Random& random) {
  std::map<std::string, std::map<size_t, size_t>> by_drawer;
  for (size_t i = 0; i < pool.size(); ++i) {
    for (const size_t row : pool[i]) by_drawer[data.drawers[row]][i] = row;
  }
  std::vector<std::string> names;
  names.reserve(by_drawer.size());
  for (const auto& [name, rows] : by_drawer) names.push_back(name);
  if (names.size() < 2) return {};
  names = DrawSome(std::move(names), 2, random);
  std::vector<std::pair<size_t, size_t>> common;
  for (const auto& [index, row] : by_drawer[names[0]]) {
    const auto other = by_drawer[names[1]].find(index);
    if (other != by_drawer[names[1]].end()) {
      common.emplace_back(row, other->second);
    }
  }
  if (common.size() < static_cast<size_t>(options.ways)) return {};
  Episode episode;
  for (const auto& [support, query] :
       DrawSome(std::move(common), static_cast<size_t>(options.ways), random)) {
    episode.support.push_back(support);
    episode.queries.push_back(query);
  }
  return episode;
}

// True when `right` has the largest of `similarities` to itself.
bool IsRecognised(absl::Span<const float> similarities, size_t right) {
  for (size_t i = 0; i < similarities.size(); ++i) {
    if (i != right && similarities[i] >= similarities[right]) return false;
  }
  return true;
}

// Shares of the queries that are recognised by prototypes and by neighbours.
std::pair<double, double> Accuracy(const UnitRows& rows, const Episode& episode,
                                   const EpisodeOptions& options) {
  const auto ways = static_cast<size_t>(options.ways);
  const auto shots = static_cast<size_t>(options.shots);
  const UnitRows support = SelectRows(rows, episode.support);
  const auto width = static_cast<size_t>(rows.dimensions);
  UnitRows prototypes{.dimensions = rows.dimensions,
                      .values = std::vector<float>(ways * width)};
  for (size_t i = 0; i < support.size(); ++i) {
    for (size_t j = 0; j < width; ++j) {
      prototypes.values[i / shots * width + j] += support[i][j];
    }
  }
  for (size_t i = 0; i < ways; ++i) {
    NormalizeLength(
        absl::MakeSpan(prototypes.values).subspan(i * width, width));
  }
  std::vector<float> to_prototypes(ways);
  std::vector<float> to_support(support.size());
  std::vector<float> to_nearest(ways);
  double by_prototype = 0;
  double by_nearest = 0;
  for (size_t i = 0; i < episode.queries.size(); ++i) {
    const absl::Span<const float> query = rows[episode.queries[i]];
    const size_t right = i / static_cast<size_t>(options.queries);
    Similarities(prototypes, query, absl::MakeSpan(to_prototypes));
    Similarities(support, query, absl::MakeSpan(to_support));
    for (size_t way = 0; way < ways; ++way) {
      const auto first =
          to_support.begin() + static_cast<ptrdiff_t>(way * shots);
      to_nearest[way] = *std::max_element(first, first + options.shots);
    }
    by_prototype += IsRecognised(to_prototypes, right) ? 1 : 0;
    by_nearest += IsRecognised(to_nearest, right) ? 1 : 0;
  }
  const auto count = static_cast<double>(episode.queries.size());
  return {by_prototype / count, by_nearest / count};
}

Estimate MeanOf(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  double squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / count;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double error =
      values.size() < 2 ? 0 : std::sqrt(squares / (count - 1) / count);
  return {mean, mean - 1.96 * error, mean + 1.96 * error};
}

}  // namespace

absl::Status EpisodeOptions::Validate() const {
  if (ways < 2) return InvalidField("ways", "must be 2 or more");
  if (shots < 1) return InvalidField("shots", "must be 1 or more");
  if (queries < 1) return InvalidField("queries", "must be 1 or more");
  if (episodes < 1) return InvalidField("episodes", "must be 1 or more");
  if (two_drawers && (shots != 1 || queries != 1)) {
    return InvalidField(
        "two_drawers",
        "a drawer drew each class once: shots and queries are 1");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Episode>> DrawEpisodes(
    const EpisodeData& data, const EpisodeOptions& options) {
  RETURN_IF_ERROR(options.Validate());
  std::vector<Pool> pools = MakePools(data, options);
  const auto ways = static_cast<size_t>(options.ways);
  const size_t largest = LargestPool(pools);
  if (largest < ways) {
    return InvalidField(
        "ways",
        absl::StrCat("is ", options.ways, ", but ",
                     options.within_group ? "the largest group" : "the data",
                     " has ", largest, " classes with ",
                     options.shots + options.queries, " pictures or more"));
  }
  std::erase_if(pools, [ways](const Pool& pool) { return pool.size() < ways; });
  std::vector<Episode> episodes;
  const auto wanted = static_cast<size_t>(options.episodes);
  // Pairs of drawers with too little in common are drawn again, but not for
  // ever.
  for (uint64_t turn = 0; episodes.size() < wanted && turn < 20 * wanted;
       ++turn) {
    Random random(options.seed, turn);
    const Pool& pool = pools[turn % pools.size()];
    Episode episode = options.two_drawers
                          ? DrawEpisodeOfTwo(pool, data, options, random)
                          : DrawEpisode(pool, options, random);
    if (!episode.support.empty()) episodes.push_back(std::move(episode));
  }
  if (episodes.size() < wanted) {
    return InvalidField("two_drawers",
                        absl::StrCat("hardly any two drawers drew the same ",
                                     options.ways, " classes"));
  }
  return episodes;
}

EpisodeMetrics ScoreEpisodes(const UnitRows& rows,
                             absl::Span<const Episode> episodes,
                             const EpisodeOptions& options) {
  std::vector<double> prototype(episodes.size());
  std::vector<double> nearest(episodes.size());
  ParallelFor(episodes.size(), /*threads=*/0, [&](size_t i) {
    std::tie(prototype[i], nearest[i]) = Accuracy(rows, episodes[i], options);
  });
  return {MeanOf(prototype), MeanOf(nearest)};
}

}  // namespace likeness
