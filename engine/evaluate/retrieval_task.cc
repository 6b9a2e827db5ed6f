#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/retrieval.h"
#include "engine/evaluate/task_pictures.h"
#include "engine/evaluate/tasks.h"

namespace likeness {
namespace {

struct Ask {
  const DescribedSamples& queries;
  const DescribedSamples& gallery;
  bool same_set = false;
};

std::vector<double> Figures(const std::vector<QueryScore>& scores,
                            absl::Span<const double> weights) {
  const RetrievalMetrics metrics = SummarizeRetrieval(scores, weights);
  return {metrics.recall_at_1, metrics.recall_at_5, metrics.recall_at_10,
          metrics.map_at_r};
}

// Fills the rows of `table`.
void MeasureRetrieval(const TaskInput& input,
                      const DescribedPictures& described,
                      const TaskPictures& pictures, const Ask& ask,
                      size_t num_classes, FigureTable& table,
                      std::vector<Mistake>& mistakes) {
  table.columns = {"recall_at_1", "recall_at_5", "recall_at_10", "map_at_r"};
  for (const DescribedRows& descriptor : described.descriptors) {
    const UnitRows queries = SelectRows(descriptor.rows, ask.queries.rows);
    const UnitRows gallery = SelectRows(descriptor.rows, ask.gallery.rows);
    const std::vector<QueryScore> scores =
        ScoreRetrieval({queries, ask.queries.labels},
                       {gallery, ask.gallery.labels}, ask.same_set);
    table.rows.push_back({descriptor.name, descriptor.rows.dimensions,
                          BootstrapByClass(
                              num_classes,
                              [&](absl::Span<const double> weights) {
                                return Figures(scores, weights);
                              },
                              input.bootstrap)});
    if (table.rows.size() == 1) {
      table.counts = {{"queries", scores.size()},
                      {"query_classes", num_classes},
                      {"gallery", ask.gallery.rows.size()}};
      AddMistakes(scores, ask.queries, ask.gallery, pictures.sources(),
                  table.name, mistakes);
    }
  }
}

// INVALID_ARGUMENT unless two classes have two pictures each.
absl::Status CheckEnough(const TaskInput& input,
                         const std::vector<size_t>& samples) {
  std::set<int> seen;
  std::set<int> twice;
  for (const size_t sample : samples) {
    const int label = input.data.samples[sample].label;
    if (!seen.insert(label).second) twice.insert(label);
  }
  if (twice.size() >= 2) return absl::OkStatus();
  return InvalidField("data",
                      absl::StrCat("has ", twice.size(),
                                   " tested classes with two pictures or more; "
                                   "retrieval takes two"));
}

}  // namespace

absl::StatusOr<Evaluation> EvaluateRetrieval(const TaskInput& input,
                                             const std::string& gallery) {
  const std::vector<size_t> asking = TestedOfGroup(input, gallery, false);
  RETURN_IF_ERROR(CheckEnough(input, asking));
  std::vector<size_t> icons;
  for (size_t i = 0; i < input.data.samples.size(); ++i) {
    const Sample& sample = input.data.samples[i];
    if (!gallery.empty() && sample.group == gallery && sample.label >= 0) {
      icons.push_back(i);
    }
  }
  TaskPictures pictures(input.data);
  const std::vector<size_t> query_pictures = pictures.AddSamples(asking);
  const std::vector<size_t> icon_pictures = pictures.AddSamples(icons);
  ASSIGN_OR_RETURN(const DescribedPictures described,
                   DescribeForTask(input, pictures));
  LabelMap labels;
  const DescribedSamples queries =
      Described(input.data, asking, query_pictures, described, labels);
  const size_t num_classes = labels.size();
  Evaluation evaluation = StartEvaluation(input, "retrieval");
  FigureTable among;
  among.name = "within_set";
  among.heading = "Among the tested pictures";
  among.text = absl::StrCat(
      queries.rows.size(), " pictures of ", num_classes,
      " classes, each asking all the others. Of equal similarities the wrong "
      "ones come first. Intervals: bootstrap by class.");
  MeasureRetrieval(input, described, pictures,
                   {queries, queries, /*same_set=*/true}, num_classes, among,
                   evaluation.mistakes);
  evaluation.tables.push_back(std::move(among));
  if (!icons.empty()) {
    const DescribedSamples answers =
        Described(input.data, icons, icon_pictures, described, labels);
    FigureTable iconic;
    iconic.name = absl::StrCat("to_", gallery);
    iconic.heading =
        absl::StrCat("To the ", gallery, " pictures of all classes");
    iconic.text = absl::StrCat(
        "The same pictures, asking the ", answers.rows.size(), " ", gallery,
        " pictures of all classes, those of training included.");
    MeasureRetrieval(input, described, pictures, {queries, answers},
                     num_classes, iconic, evaluation.mistakes);
    evaluation.tables.push_back(std::move(iconic));
  }
  KeepWorst(evaluation.mistakes, input.max_mistakes);
  evaluation.failures = described.failures;
  return evaluation;
}

}  // namespace likeness
