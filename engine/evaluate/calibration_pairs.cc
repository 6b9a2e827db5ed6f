#include "engine/evaluate/calibration_pairs.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/copy_set.h"
#include "engine/evaluate/task_pictures.h"
#include "engine/evaluate/verification.h"

namespace likeness {
namespace {

// A copy and the place of its original among the references.
struct CopyPair {
  size_t row;
  size_t original;
};

void AddPairs(const CopyQueries& queries, std::vector<CopyPair>& pairs) {
  for (size_t i = 0; i < queries.rows.size(); ++i) {
    pairs.push_back({queries.rows[i], queries.originals[i]});
  }
}

}  // namespace

absl::StatusOr<CalibrationData> SimilarPairs(const TaskInput& input,
                                             size_t max_pairs) {
  if (TestedWithClass(input).empty()) {
    return InvalidField("data", "has no tested picture with a class");
  }
  ASSIGN_OR_RETURN(const TestedPictures tested,
                   DescribeTested(ModelAlone(input)));
  const DescribedSamples& samples = tested.samples;
  const UnitRows rows =
      SelectRows(tested.described.descriptors.front().rows, samples.rows);
  const PairList list = ListPairs(
      samples.labels, {.max_pairs = max_pairs, .seed = input.bootstrap.seed});
  CalibrationData data;
  for (const ScoredPair& pair : ScorePairs({rows, samples.labels}, list)) {
    data.pairs.push_back({pair.similarity, pair.match});
  }
  data.text = absl::StrCat("pairs of ", samples.rows.size(), " pictures of ",
                           tested.num_classes, " classes of ", input.data.name);
  data.failures = tested.described.failures;
  return data;
}

absl::StatusOr<CalibrationData> CopyPairs(const TaskInput& input,
                                          const CopyTaskOptions& options,
                                          size_t max_pairs) {
  TaskPictures pictures(input.data);
  ASSIGN_OR_RETURN(const CopySet set,
                   MakeCopySet(input.data, input.tested, options, pictures));
  ASSIGN_OR_RETURN(const DescribedPictures described,
                   DescribeForTask(ModelAlone(input), pictures));
  const UnitRows& rows = described.descriptors.front().rows;
  const CopyReferences references = Described(set.references, described);
  std::vector<CopyPair> copies;
  AddPairs(Described(set.mild, described, references), copies);
  const size_t num_mild = copies.size();
  AddPairs(Described(set.strong, described, references), copies);
  if (copies.empty() || references.rows.size() < 2) {
    return InvalidField("data", "holds too few pictures that can be read");
  }
  CalibrationData data;
  const auto similarity = [&](const CopyPair& copy, size_t reference) {
    return InnerProduct(rows[copy.row], rows[references.rows[reference]]);
  };
  for (const CopyPair& copy : copies) {
    data.pairs.push_back({similarity(copy, copy.original), true});
  }
  Random random(options.seed, /*stream=*/2);
  for (size_t i = 0; i < max_pairs; ++i) {
    const CopyPair& copy = copies[random.Below(copies.size())];
    const size_t reference = random.Below(references.rows.size());
    if (reference == copy.original) continue;
    data.pairs.push_back({similarity(copy, reference), false});
  }
  data.text =
      absl::StrCat(num_mild, " mildly and ", copies.size() - num_mild,
                   " strongly edited copies of pictures of ", input.data.name,
                   " among ", references.rows.size(), " references");
  data.failures = described.failures;
  return data;
}

}  // namespace likeness
