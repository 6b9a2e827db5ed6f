// What the tasks share: the pictures of a run and their classes.
#ifndef LIKENESS_ENGINE_EVALUATE_TASK_PICTURES_H_
#define LIKENESS_ENGINE_EVALUATE_TASK_PICTURES_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/dataset/dataset.h"
#include "engine/evaluate/describe.h"
#include "engine/evaluate/retrieval.h"
#include "engine/evaluate/tasks.h"

namespace likeness {

// The pictures of one run, each described once however often it is named.
class TaskPictures {
 public:
  explicit TaskPictures(const DataSet& data) : data_(data) {}

  // Number of the sample's picture.
  size_t AddSample(size_t sample);
  std::vector<size_t> AddSamples(absl::Span<const size_t> samples);
  // Number of a picture that is no sample.
  size_t Add(PictureSource picture);

  const std::vector<PictureSource>& sources() const { return sources_; }

 private:
  const DataSet& data_;
  std::vector<PictureSource> sources_;
  std::map<size_t, size_t> of_sample_;
};

// Describes `pictures`, to which it adds those of training, by everything that
// the input names. Errors are DescribePictures'.
absl::StatusOr<DescribedPictures> DescribeForTask(const TaskInput& input,
                                                  TaskPictures& pictures);

// The input with the model alone, without what it is compared with.
TaskInput ModelAlone(const TaskInput& input);

// Some of the described pictures, and the class of each.
struct DescribedSamples {
  std::vector<size_t> indices;   // In DataSet::samples.
  std::vector<size_t> rows;      // In the descriptors' matrices.
  std::vector<size_t> pictures;  // Numbers in TaskPictures::sources().
  std::vector<int> labels;       // Compact, see LabelMap.
};

// Numbers the classes that occur 0, 1, ...: what a bootstrap draws from.
class LabelMap {
 public:
  // The number of the class, a new one when it is met for the first time.
  int Of(int label);
  size_t size() const { return numbers_.size(); }

 private:
  std::map<int, int> numbers_;
};

// Those of `samples` (their pictures are `pictures`) that could be described.
DescribedSamples Described(const DataSet& data,
                           absl::Span<const size_t> samples,
                           absl::Span<const size_t> pictures,
                           const DescribedPictures& described,
                           LabelMap& labels);

// Those of the input's tested samples that have a class.
std::vector<size_t> TestedWithClass(const TaskInput& input);

// Those pictures, described.
struct TestedPictures {
  TaskPictures pictures;
  DescribedPictures described;
  DescribedSamples samples;
  size_t num_classes = 0;  // DescribedSamples::labels are below.
};

// Describes the tested samples that have a class. Errors are
// DescribePictures'.
absl::StatusOr<TestedPictures> DescribeTested(const TaskInput& input);

// Those of TestedWithClass that are (`inside`) or are not of the group `group`;
// no picture is of the group "".
std::vector<size_t> TestedOfGroup(const TaskInput& input,
                                  const std::string& group, bool inside);

// An evaluation with everything but its tables.
Evaluation StartEvaluation(const TaskInput& input, const std::string& task);

// Adds the queries whose nearest picture is of another class, with that and the
// nearest of their own.
void AddMistakes(absl::Span<const QueryScore> scores,
                 const DescribedSamples& queries,
                 const DescribedSamples& gallery,
                 const std::vector<PictureSource>& sources,
                 const std::string& table, std::vector<Mistake>& mistakes);

// The worst first, at most `max`.
void KeepWorst(std::vector<Mistake>& mistakes, size_t max);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_TASK_PICTURES_H_
