// The evaluations that `likeness evaluate` runs: which pictures are compared
// with which, by every descriptor, and what that says. docs/evaluation.md
// states the protocols.
#ifndef LIKENESS_ENGINE_EVALUATE_TASKS_H_
#define LIKENESS_ENGINE_EVALUATE_TASKS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/dataset/dataset.h"
#include "engine/evaluate/describe.h"
#include "engine/evaluate/episodes.h"
#include "engine/evaluate/evaluation.h"

namespace likeness {

// What every task is given.
struct TaskInput {
  const DataSet& data;
  std::vector<size_t> tested;    // Samples that are judged.
  std::vector<size_t> training;  // Samples that components are fitted to.
  std::vector<NetworkDescriptor> networks;  // The model first.
  DescribeOptions describe = {};
  BootstrapOptions bootstrap = {};
  size_t max_mistakes = 20;
};

// Every tested picture asks the others, and is left out of its own answer.
// Where pictures of the group `gallery` ("iconic") are in the data, they stand
// apart: the others ask each other, and then ask the gallery of all classes,
// tested or not, since a trained model favours the classes that it saw.
// INVALID_ARGUMENT when fewer than two tested classes have two pictures.
absl::StatusOr<Evaluation> EvaluateRetrieval(const TaskInput& input,
                                             const std::string& gallery);

// All pairs of tested pictures, or as many at random of each kind as there may
// be. INVALID_ARGUMENT unless there are pairs of both kinds.
absl::StatusOr<Evaluation> EvaluateVerification(const TaskInput& input,
                                                size_t max_pairs);

// Episodes of `options` within class groups (where `options.within_group`, and
// there are groups) and over all tested classes. Errors are DrawEpisodes'.
absl::StatusOr<Evaluation> EvaluateOneShot(const TaskInput& input,
                                           const EpisodeOptions& options);

struct CopyTaskOptions {
  size_t originals = 300;  // Drawn from the tested pictures.
  int strong_copies = 4;   // Of each original, beside one of each mild edit.
  std::vector<std::string> distractors = {};  // Paths of pictures.
  // The best references of each copy, by the model's vectors, whose keypoints
  // are compared with the copy's as well; 0: of none.
  size_t second_look = 0;
  uint64_t seed = 1;
};

// Edited copies (engine/evaluate/copy_edits.h) of some tested pictures ask all
// pictures of the data and the distractors, but for the few that collages and
// covers are made of. Mild and strong copies have a table each, with a row for
// the model with a second look, and what that costs, where one is asked for.
// INVALID_ARGUMENT without tested pictures.
absl::StatusOr<Evaluation> EvaluateCopies(const TaskInput& input,
                                          const CopyTaskOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_TASKS_H_
