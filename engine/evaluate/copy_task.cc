#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/copy_retrieval.h"
#include "engine/evaluate/copy_set.h"
#include "engine/evaluate/task_pictures.h"
#include "engine/evaluate/tasks.h"

namespace likeness {
namespace {

std::vector<double> FiguresOf(const CopyMetrics& metrics) {
  return {metrics.recall_at_1, metrics.micro_ap, metrics.recall_at_p90};
}

// Point estimates are exact; the bootstrap's ends are moved by what its bins
// differ from them.
std::vector<Estimate> Estimates(const CopyResult& result,
                                const std::vector<size_t>& originals,
                                size_t num_references,
                                const BootstrapOptions& bootstrap) {
  std::vector<Estimate> estimates = BootstrapByClass(
      originals.size(),
      [&](absl::Span<const double> weights) {
        std::vector<double> by_reference(num_references, 0.0);
        for (size_t i = 0; i < originals.size(); ++i) {
          by_reference[originals[i]] = weights[i];
        }
        return FiguresOf(SummarizeCopies(result, by_reference));
      },
      bootstrap);
  const std::vector<double> exact = FiguresOf(SummarizeCopies(result));
  for (size_t i = 0; i < exact.size(); ++i) {
    const double shift = exact[i] - estimates[i].value;
    estimates[i] = {exact[i], std::max(0.0, estimates[i].low + shift),
                    std::min(1.0, estimates[i].high + shift)};
  }
  return estimates;
}

// The pictures that copies are looked for among, and where each is.
struct References {
  std::vector<size_t> pictures;
  std::vector<size_t> rows;
  std::map<size_t, size_t> of_picture;  // Place in the two above.
};

References Collect(const DescribedPictures& described,
                   const std::vector<size_t>& pictures) {
  References references;
  for (const size_t picture : pictures) {
    if (!described.row_of[picture].has_value()) continue;
    references.of_picture[picture] = references.rows.size();
    references.pictures.push_back(picture);
    references.rows.push_back(*described.row_of[picture]);
  }
  return references;
}

void AddMistakes(const CopyResult& result, const std::vector<size_t>& queries,
                 const References& references,
                 const std::vector<PictureSource>& sources,
                 const std::string& table, std::vector<Mistake>& mistakes) {
  for (size_t i = 0; i < result.scores.size(); ++i) {
    const CopyScore& score = result.scores[i];
    if (score.rank == 1) continue;
    mistakes.push_back(
        {.table = table,
         .query = sources[queries[i]],
         .came = sources[references.pictures[score.nearest_wrong]],
         .expected = sources[references.pictures[score.original]],
         .came_similarity = score.wrong_similarity,
         .expected_similarity = score.similarity});
  }
}

FigureTable Measure(const TaskInput& input, const DescribedPictures& described,
                    const TaskPictures& pictures, const Copies& copies,
                    const References& references,
                    std::vector<Mistake>& mistakes) {
  std::vector<size_t> queries;    // Pictures,
  std::vector<size_t> rows;       // their rows,
  std::vector<size_t> originals;  // and the references they were made from.
  for (size_t i = 0; i < copies.pictures.size(); ++i) {
    const auto original = references.of_picture.find(copies.originals[i]);
    if (!described.row_of[copies.pictures[i]].has_value() ||
        original == references.of_picture.end()) {
      continue;
    }
    queries.push_back(copies.pictures[i]);
    rows.push_back(*described.row_of[copies.pictures[i]]);
    originals.push_back(original->second);
  }
  std::vector<size_t> distinct = originals;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  FigureTable table;
  table.name = copies.name;
  table.heading = absl::StrCat("Copies with ", copies.name, " edits");
  table.text = absl::StrCat(
      queries.size(), " copies of ", distinct.size(), " pictures among ",
      references.rows.size(),
      " references. Micro average precision ranks all pairs of a copy and a "
      "reference together. Intervals: bootstrap by original.");
  table.columns = {"recall_at_1", "micro_ap", "recall_at_p90"};
  table.counts = {{"copies", queries.size()},
                  {"originals", distinct.size()},
                  {"references", references.rows.size()}};
  Chart chart{.title = "Precision and recall over all pairs",
              .x_label = "recall",
              .y_label = "precision",
              .series = {},
              .x_range = {{0, 1}},
              .y_range = {{0, 1}}};
  for (const DescribedRows& descriptor : described.descriptors) {
    const UnitRows reference_rows =
        SelectRows(descriptor.rows, references.rows);
    const CopyResult result = ScoreCopies(SelectRows(descriptor.rows, rows),
                                          originals, reference_rows);
    table.rows.push_back(
        {descriptor.name, descriptor.rows.dimensions,
         Estimates(result, distinct, references.rows.size(), input.bootstrap)});
    ChartSeries series{.name = descriptor.name, .points = {}};
    for (const PrecisionRecall& point : result.curve) {
      series.points.emplace_back(point.recall, point.precision);
    }
    chart.series.push_back(std::move(series));
    if (table.rows.size() == 1) {
      AddMistakes(result, queries, references, pictures.sources(), table.name,
                  mistakes);
    }
  }
  table.charts.push_back(std::move(chart));
  return table;
}

}  // namespace

absl::StatusOr<Evaluation> EvaluateCopies(const TaskInput& input,
                                          const CopyTaskOptions& options) {
  TaskPictures pictures(input.data);
  ASSIGN_OR_RETURN(const CopySet set,
                   MakeCopySet(input.data, input.tested, options, pictures));
  const std::vector<size_t> training = pictures.AddSamples(input.training);
  ASSIGN_OR_RETURN(const DescribedPictures described,
                   DescribePictures(pictures.sources(), input.networks,
                                    training, input.describe));
  const References references = Collect(described, set.references);
  Evaluation evaluation = StartEvaluation(input, "copies");
  evaluation.setting.emplace_back("edit seed", absl::StrCat(options.seed));
  evaluation.setting.emplace_back("distractors",
                                  absl::StrCat(options.distractors.size()));
  for (const Copies* copies : {&set.mild, &set.strong}) {
    if (copies->pictures.empty()) continue;
    evaluation.tables.push_back(Measure(input, described, pictures, *copies,
                                        references, evaluation.mistakes));
  }
  KeepWorst(evaluation.mistakes, input.max_mistakes);
  evaluation.failures = described.failures;
  return evaluation;
}

}  // namespace likeness
