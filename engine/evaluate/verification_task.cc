#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/task_pictures.h"
#include "engine/evaluate/tasks.h"
#include "engine/evaluate/verification.h"

namespace likeness {
namespace {

ChartSeries RocSeries(const std::string& name,
                      const std::vector<ScoredPair>& pairs) {
  ChartSeries series{.name = name, .points = {{0, 0}}};
  for (const RocPoint& point : RocCurve(pairs)) {
    series.points.emplace_back(point.false_accepts, point.true_accepts);
  }
  return series;
}

}  // namespace

absl::StatusOr<Evaluation> EvaluateVerification(const TaskInput& input,
                                                size_t max_pairs) {
  ASSIGN_OR_RETURN(const TestedPictures tested, DescribeTested(input));
  const DescribedSamples& samples = tested.samples;
  const PairList pairs = ListPairs(
      samples.labels, {.max_pairs = max_pairs, .seed = input.bootstrap.seed});
  if (pairs.matches.empty() || pairs.others.empty()) {
    return InvalidField("data",
                        "has no two tested pictures of one class, or none of "
                        "two classes: there is nothing to verify");
  }
  FigureTable table;
  table.name = "pairs";
  table.heading = "Are two pictures of the same class?";
  table.text = absl::StrCat(
      pairs.matches.size(), " pairs of one class and ", pairs.others.size(),
      " of two, from ", samples.rows.size(), " pictures of ",
      tested.num_classes,
      " classes. TAR: true accepts at that rate of false ones. For the equal "
      "error rate (EER) less is better. Intervals: bootstrap by class.");
  table.columns = {"auc", "eer", "tar_at_far_0.1", "tar_at_far_0.01",
                   "tar_at_far_0.001"};
  table.counts = {{"matches", pairs.matches.size()},
                  {"others", pairs.others.size()},
                  {"classes", tested.num_classes}};
  Chart roc{.title = "ROC",
            .x_label = "false accepts",
            .y_label = "true accepts",
            .series = {},
            .x_range = {{0, 1}},
            .y_range = {{0, 1}}};
  Evaluation evaluation = StartEvaluation(input, "verification");
  for (const DescribedRows& descriptor : tested.described.descriptors) {
    const UnitRows rows = SelectRows(descriptor.rows, samples.rows);
    const std::vector<ScoredPair> scored =
        ScorePairs({rows, samples.labels}, pairs);
    const auto figures = [&scored](absl::Span<const double> weights) {
      const VerificationMetrics metrics = SummarizePairs(scored, weights);
      std::vector<double> values = {metrics.auc, metrics.eer};
      values.insert(values.end(), metrics.true_accepts.begin(),
                    metrics.true_accepts.end());
      return values;
    };
    table.rows.push_back(
        {descriptor.name, descriptor.rows.dimensions,
         BootstrapByClass(tested.num_classes, figures, input.bootstrap)});
    roc.series.push_back(RocSeries(descriptor.name, scored));
    if (table.rows.size() == 1) {
      const LabelledRows labelled{rows, samples.labels};
      AddMistakes(ScoreRetrieval(labelled, labelled, /*same_set=*/true),
                  samples, samples, tested.pictures.sources(), "pairs",
                  evaluation.mistakes);
    }
  }
  table.charts.push_back(std::move(roc));
  evaluation.tables.push_back(std::move(table));
  KeepWorst(evaluation.mistakes, input.max_mistakes);
  evaluation.failures = tested.described.failures;
  return evaluation;
}

}  // namespace likeness
