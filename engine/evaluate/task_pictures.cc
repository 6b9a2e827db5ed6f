#include "engine/evaluate/task_pictures.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/space.h"
#include "engine/core/status_macros.h"

namespace likeness {

size_t TaskPictures::AddSample(size_t sample) {
  const auto [found, is_new] = of_sample_.emplace(sample, sources_.size());
  if (is_new) sources_.push_back(FileOf(data_.samples[sample].path));
  return found->second;
}

std::vector<size_t> TaskPictures::AddSamples(absl::Span<const size_t> samples) {
  std::vector<size_t> pictures;
  for (const size_t sample : samples) pictures.push_back(AddSample(sample));
  return pictures;
}

size_t TaskPictures::Add(PictureSource picture) {
  sources_.push_back(std::move(picture));
  return sources_.size() - 1;
}

absl::StatusOr<DescribedPictures> DescribeForTask(const TaskInput& input,
                                                  TaskPictures& pictures) {
  const std::vector<size_t> training = pictures.AddSamples(input.training);
  return DescribePictures(pictures.sources(), input.networks, training,
                          input.describe);
}

TaskInput ModelAlone(const TaskInput& input) {
  TaskInput alone = input;
  alone.training.clear();
  alone.networks.resize(std::min<size_t>(1, alone.networks.size()));
  alone.describe.with_plain = false;
  return alone;
}

int LabelMap::Of(int label) {
  return numbers_.emplace(label, static_cast<int>(numbers_.size()))
      .first->second;
}

DescribedSamples Described(const DataSet& data,
                           absl::Span<const size_t> samples,
                           absl::Span<const size_t> pictures,
                           const DescribedPictures& described,
                           LabelMap& labels) {
  DescribedSamples kept;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!described.row_of[pictures[i]].has_value()) continue;
    kept.indices.push_back(samples[i]);
    kept.rows.push_back(*described.row_of[pictures[i]]);
    kept.pictures.push_back(pictures[i]);
    kept.labels.push_back(labels.Of(data.samples[samples[i]].label));
  }
  return kept;
}

std::vector<size_t> TestedWithClass(const TaskInput& input) {
  std::vector<size_t> samples;
  for (const size_t sample : input.tested) {
    if (input.data.samples[sample].label >= 0) samples.push_back(sample);
  }
  return samples;
}

absl::StatusOr<TestedPictures> DescribeTested(const TaskInput& input) {
  const std::vector<size_t> samples = TestedWithClass(input);
  TestedPictures tested = {.pictures = TaskPictures(input.data),
                           .described = {},
                           .samples = {},
                           .num_classes = 0};
  const std::vector<size_t> numbers = tested.pictures.AddSamples(samples);
  ASSIGN_OR_RETURN(tested.described, DescribeForTask(input, tested.pictures));
  LabelMap labels;
  tested.samples =
      Described(input.data, samples, numbers, tested.described, labels);
  tested.num_classes = labels.size();
  return tested;
}

std::vector<size_t> TestedOfGroup(const TaskInput& input,
                                  const std::string& group, bool inside) {
  std::vector<size_t> samples;
  for (const size_t sample : TestedWithClass(input)) {
    const bool is_inside =
        !group.empty() && input.data.samples[sample].group == group;
    if (is_inside == inside) samples.push_back(sample);
  }
  return samples;
}

void AddMistakes(absl::Span<const QueryScore> scores,
                 const DescribedSamples& queries,
                 const DescribedSamples& gallery,
                 const std::vector<PictureSource>& sources,
                 const std::string& table, std::vector<Mistake>& mistakes) {
  for (const QueryScore& score : scores) {
    if (score.first_rank == 1) continue;
    mistakes.push_back(
        {.table = table,
         .query = sources[queries.pictures[score.query]],
         .came = sources[gallery.pictures[score.nearest_wrong]],
         .expected = sources[gallery.pictures[score.nearest_right]],
         .came_similarity = score.wrong_similarity,
         .expected_similarity = score.right_similarity});
  }
}

Evaluation StartEvaluation(const TaskInput& input, const std::string& task) {
  const NetworkDescriptor& network = input.networks.front();
  const ModelInfo& model = network.embedder->model();
  Evaluation evaluation;
  evaluation.task = task;
  evaluation.space = std::string(SpaceName(network.space));
  evaluation.model =
      absl::StrCat(model.name, " (", model.id.substr(0, 12), ")");
  evaluation.model_id = model.id;
  evaluation.setting = {
      {"data", input.data.name},
      {"training pictures for components", absl::StrCat(input.training.size())},
      {"bootstrap resamples", absl::StrCat(input.bootstrap.resamples)},
      {"bootstrap seed", absl::StrCat(input.bootstrap.seed)}};
  return evaluation;
}

void KeepWorst(std::vector<Mistake>& mistakes, size_t max) {
  const auto badness = [](const Mistake& mistake) {
    return mistake.came_similarity - mistake.expected_similarity;
  };
  std::sort(mistakes.begin(), mistakes.end(),
            [&](const Mistake& a, const Mistake& b) {
              if (badness(a) != badness(b)) return badness(a) > badness(b);
              return a.query.name < b.query.name;
            });
  if (mistakes.size() > max) mistakes.resize(max);
}

}  // namespace likeness
