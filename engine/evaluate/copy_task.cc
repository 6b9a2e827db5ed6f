#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/copy_retrieval.h"
#include "engine/evaluate/copy_set.h"
#include "engine/evaluate/second_look.h"
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

void AddMistakes(const CopyResult& result, const CopyQueries& queries,
                 const CopyReferences& references,
                 const std::vector<PictureSource>& sources,
                 const std::string& table, std::vector<Mistake>& mistakes) {
  for (size_t i = 0; i < result.scores.size(); ++i) {
    const CopyScore& score = result.scores[i];
    if (score.rank == 1) continue;
    mistakes.push_back(
        {.table = table,
         .query = sources[queries.pictures[i]],
         .came = sources[references.pictures[score.nearest_wrong]],
         .expected = sources[references.pictures[score.original]],
         .came_similarity = score.wrong_similarity,
         .expected_similarity = score.similarity});
  }
}

FigureTable StartTable(const Copies& copies, const CopyQueries& queries,
                       size_t num_references) {
  FigureTable table;
  table.name = copies.name;
  table.heading = absl::StrCat("Copies with ", copies.name, " edits");
  const size_t originals = queries.distinct_originals.size();
  table.text = absl::StrCat(
      queries.rows.size(), " copies of ", originals, " pictures among ",
      num_references,
      " references. Micro average precision ranks all pairs of a copy and a "
      "reference together. Intervals: bootstrap by original.");
  table.columns = {"recall_at_1", "micro_ap", "recall_at_p90"};
  table.counts = {{"copies", queries.rows.size()},
                  {"originals", originals},
                  {"references", num_references}};
  table.charts.push_back({.title = "Precision and recall over all pairs",
                          .x_label = "recall",
                          .y_label = "precision",
                          .series = {},
                          .x_range = {{0, 1}},
                          .y_range = {{0, 1}}});
  return table;
}

void AddRow(const std::string& name, int dimensions, const CopyResult& result,
            const CopyQueries& queries, size_t num_references,
            const BootstrapOptions& bootstrap, FigureTable& table) {
  table.rows.push_back({name, dimensions,
                        Estimates(result, queries.distinct_originals,
                                  num_references, bootstrap)});
  ChartSeries series{.name = name, .points = {}};
  for (const PrecisionRecall& point : result.curve) {
    series.points.emplace_back(point.recall, point.precision);
  }
  table.charts.front().series.push_back(std::move(series));
}

// `second_look`: null for none; the first descriptor is the model's.
absl::StatusOr<FigureTable> MeasureCopies(const TaskInput& input,
                                          const DescribedPictures& described,
                                          const TaskPictures& pictures,
                                          const Copies& copies,
                                          const CopyReferences& references,
                                          SecondLook* second_look,
                                          std::vector<Mistake>& mistakes) {
  const CopyQueries queries = Described(copies, described, references);
  const size_t num_references = references.rows.size();
  FigureTable table = StartTable(copies, queries, num_references);
  for (const DescribedRows& descriptor : described.descriptors) {
    const UnitRows asked = SelectRows(descriptor.rows, queries.rows);
    const UnitRows known = SelectRows(descriptor.rows, references.rows);
    const auto add = [&](const std::string& name, const CopyResult& result) {
      AddRow(name, descriptor.rows.dimensions, result, queries, num_references,
             input.bootstrap, table);
    };
    const CopyResult result = ScoreCopies(asked, queries.originals, known);
    add(descriptor.name, result);
    if (table.rows.size() > 1) continue;
    AddMistakes(result, queries, references, pictures.sources(), table.name,
                mistakes);
    if (second_look == nullptr) continue;
    ASSIGN_OR_RETURN(const std::vector<std::vector<SecondScore>> second_scores,
                     second_look->Look({queries.pictures, asked},
                                       {references.pictures, known}));
    add(absl::StrCat(descriptor.name, ", second look at ",
                     second_look->candidates()),
        ScoreCopies(asked, queries.originals, known, 0, second_scores));
  }
  return table;
}

// Says below every table, and in the setting, what the second look takes.
void AddCost(const SecondLook& second_look, Evaluation& evaluation) {
  const std::string cost = second_look.cost().Text();
  evaluation.setting.emplace_back(
      "second look at the best references",
      absl::StrCat(second_look.candidates(), "; ", cost));
  for (FigureTable& table : evaluation.tables) {
    absl::StrAppend(&table.text, " The second look takes ", cost, ".");
  }
}

}  // namespace

absl::StatusOr<Evaluation> EvaluateCopies(const TaskInput& input,
                                          const CopyTaskOptions& options) {
  TaskPictures pictures(input.data);
  ASSIGN_OR_RETURN(const CopySet set,
                   MakeCopySet(input.data, input.tested, options, pictures));
  ASSIGN_OR_RETURN(const DescribedPictures described,
                   DescribeForTask(input, pictures));
  const CopyReferences references = Described(set.references, described);
  Evaluation evaluation = StartEvaluation(input, "copies");
  evaluation.setting.emplace_back("edit seed", absl::StrCat(options.seed));
  evaluation.setting.emplace_back("distractors",
                                  absl::StrCat(options.distractors.size()));
  std::optional<SecondLook> second_look;
  if (options.second_look > 0) {
    second_look.emplace(pictures.sources(), options.second_look);
  }
  for (const Copies* copies : {&set.mild, &set.strong}) {
    if (copies->pictures.empty()) continue;
    ASSIGN_OR_RETURN(
        FigureTable table,
        MeasureCopies(input, described, pictures, *copies, references,
                      second_look.has_value() ? &*second_look : nullptr,
                      evaluation.mistakes));
    evaluation.tables.push_back(std::move(table));
  }
  if (second_look.has_value()) AddCost(*second_look, evaluation);
  KeepWorst(evaluation.mistakes, input.max_mistakes);
  evaluation.failures = described.failures;
  return evaluation;
}

}  // namespace likeness
