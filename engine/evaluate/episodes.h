// N-way K-shot recognition over random episodes.
#ifndef LIKENESS_ENGINE_EVALUATE_EPISODES_H_
#define LIKENESS_ENGINE_EVALUATE_EPISODES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/evaluate/bootstrap.h"
#include "engine/evaluate/retrieval.h"

namespace likeness {

struct EpisodeOptions {
  int ways = 20;    // Classes in an episode.
  int shots = 1;    // Examples of each.
  int queries = 1;  // Pictures of each class that are to be recognised.
  int episodes = 1000;
  uint64_t seed = 1;
  // All classes of an episode are of one class group (an alphabet), groups
  // taking turns: the protocol of Lake, Salakhutdinov and Tenenbaum 2015
  // ("Human-level concept learning ..."), and harder than classes of any group.
  bool within_group = false;
  // All examples of an episode are by one drawer and all queries by another
  // (Lake et al.); needs shots and queries of 1.
  bool two_drawers = false;

  // INVALID_ARGUMENT names the field.
  absl::Status Validate() const;
};

// What episodes are drawn from.
struct EpisodeData {
  LabelledRows data;
  absl::Span<const std::string> class_groups;  // Of each label; may be empty.
  absl::Span<const std::string> drawers;       // Of each row; for two_drawers.
};

// One episode: row numbers, those of class i at i * shots and i * queries.
struct Episode {
  std::vector<size_t> support;
  std::vector<size_t> queries;
};

// The same episodes for every descriptor. INVALID_ARGUMENT when no group has
// enough classes with enough pictures, saying how many there are.
absl::StatusOr<std::vector<Episode>> DrawEpisodes(
    const EpisodeData& data, const EpisodeOptions& options);

struct EpisodeMetrics {
  // Mean accuracy over episodes; the interval is 1.96 standard errors of that
  // mean to each side, as such figures are reported. It says how well these
  // classes are measured, not how other classes would fare.
  Estimate prototype;
  Estimate nearest;
};

// Recognises every query, by prototypes and by the nearest example
// (engine/embed/few_shot.h). A query whose own class ties with another is taken
// for wrong.
EpisodeMetrics ScoreEpisodes(const UnitRows& rows,
                             absl::Span<const Episode> episodes,
                             const EpisodeOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_EPISODES_H_
