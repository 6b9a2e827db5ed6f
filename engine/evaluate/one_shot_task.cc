#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/episodes.h"
#include "engine/evaluate/task_pictures.h"
#include "engine/evaluate/tasks.h"

namespace likeness {
namespace {

bool HasGroups(const DataSet& data) {
  for (const std::string& group : data.class_groups) {
    if (!group.empty()) return true;
  }
  return false;
}

// What episodes are drawn from, in the compact numbering of classes.
struct Classes {
  std::vector<std::string> groups;   // Of each class.
  std::vector<std::string> drawers;  // Of each row.
};

Classes ClassesOf(const DataSet& data, const TestedPictures& tested) {
  Classes classes;
  classes.groups.resize(tested.num_classes);
  for (size_t i = 0; i < tested.samples.rows.size(); ++i) {
    const Sample& sample = data.samples[tested.samples.indices[i]];
    classes.groups[static_cast<size_t>(tested.samples.labels[i])] =
        data.class_groups[static_cast<size_t>(sample.label)];
    classes.drawers.push_back(sample.group);
  }
  return classes;
}

absl::StatusOr<FigureTable> MeasureEpisodes(const TestedPictures& tested,
                                            const Classes& classes,
                                            const EpisodeOptions& options) {
  FigureTable table;
  table.name = options.within_group ? "within_group" : "any_group";
  table.heading =
      absl::StrCat(options.ways, "-way ", options.shots, "-shot, classes of ",
                   options.within_group ? "one group" : "any group");
  table.text = absl::StrCat(
      options.episodes, " episodes with ", options.ways * options.queries,
      " queries each",
      options.two_drawers ? ", examples by one drawer and queries by another"
                          : "",
      "; intervals are 1.96 standard errors over episodes. A tie is a "
      "mistake.");
  table.columns = {"prototype", "nearest"};
  std::vector<Episode> episodes;
  for (const DescribedRows& descriptor : tested.described.descriptors) {
    const UnitRows rows = SelectRows(descriptor.rows, tested.samples.rows);
    if (episodes.empty()) {
      ASSIGN_OR_RETURN(episodes, DrawEpisodes({{rows, tested.samples.labels},
                                               classes.groups,
                                               classes.drawers},
                                              options));
    }
    const EpisodeMetrics metrics = ScoreEpisodes(rows, episodes, options);
    table.rows.push_back({descriptor.name,
                          descriptor.rows.dimensions,
                          {metrics.prototype, metrics.nearest}});
  }
  table.counts = {{"episodes", episodes.size()},
                  {"classes", classes.groups.size()},
                  {"pictures", tested.samples.rows.size()}};
  return table;
}

}  // namespace

absl::StatusOr<Evaluation> EvaluateOneShot(const TaskInput& input,
                                           const EpisodeOptions& options) {
  RETURN_IF_ERROR(options.Validate());
  ASSIGN_OR_RETURN(const TestedPictures tested, DescribeTested(input));
  const Classes classes = ClassesOf(input.data, tested);
  Evaluation evaluation = StartEvaluation(input, "one-shot");
  evaluation.setting.emplace_back("episode seed", absl::StrCat(options.seed));
  if (options.within_group && HasGroups(input.data)) {
    ASSIGN_OR_RETURN(FigureTable table,
                     MeasureEpisodes(tested, classes, options));
    evaluation.tables.push_back(std::move(table));
  }
  EpisodeOptions any = options;
  any.within_group = false;
  ASSIGN_OR_RETURN(FigureTable table, MeasureEpisodes(tested, classes, any));
  evaluation.tables.push_back(std::move(table));
  evaluation.failures = tested.described.failures;
  return evaluation;
}

}  // namespace likeness
