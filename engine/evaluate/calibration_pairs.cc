#include "engine/evaluate/calibration_pairs.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/copy_set.h"
#include "engine/evaluate/task_pictures.h"
#include "engine/evaluate/verification.h"

namespace likeness {
namespace {

// The model alone, without what it is compared with elsewhere.
absl::StatusOr<DescribedPictures> DescribeByModel(
    const TaskInput& input, const TaskPictures& pictures) {
  DescribeOptions options = input.describe;
  options.with_plain = false;
  return DescribePictures(pictures.sources(),
                          absl::MakeConstSpan(input.networks).subspan(0, 1),
                          /*training=*/{}, options);
}

// Rows of the pictures that have one.
std::vector<size_t> CopyRows(const DescribedPictures& described,
                             const Copies& copies,
                             std::vector<size_t>& original_rows) {
  std::vector<size_t> rows;
  for (size_t i = 0; i < copies.pictures.size(); ++i) {
    const std::optional<size_t> copy = described.row_of[copies.pictures[i]];
    const std::optional<size_t> original =
        described.row_of[copies.originals[i]];
    if (!copy.has_value() || !original.has_value()) continue;
    rows.push_back(*copy);
    original_rows.push_back(*original);
  }
  return rows;
}

}  // namespace

absl::StatusOr<CalibrationData> SimilarPairs(const TaskInput& input,
                                             size_t max_pairs) {
  const std::vector<size_t> samples = TestedWithClass(input);
  if (samples.empty()) {
    return InvalidField("data", "has no tested picture with a class");
  }
  TaskPictures pictures(input.data);
  const std::vector<size_t> numbers = pictures.AddSamples(samples);
  ASSIGN_OR_RETURN(const DescribedPictures described,
                   DescribeByModel(input, pictures));
  LabelMap labels;
  const DescribedSamples tested =
      Described(input.data, samples, numbers, described, labels);
  const UnitRows rows =
      SelectRows(described.descriptors.front().rows, tested.rows);
  const PairList list = ListPairs(
      tested.labels, {.max_pairs = max_pairs, .seed = input.bootstrap.seed});
  CalibrationData data;
  for (const ScoredPair& pair : ScorePairs({rows, tested.labels}, list)) {
    data.pairs.push_back({pair.similarity, pair.match});
  }
  data.text = absl::StrCat("pairs of ", tested.rows.size(), " pictures of ",
                           labels.size(), " classes of ", input.data.name);
  data.failures = described.failures;
  return data;
}

absl::StatusOr<CalibrationData> CopyPairs(const TaskInput& input,
                                          const CopyTaskOptions& options,
                                          size_t max_pairs) {
  TaskPictures pictures(input.data);
  ASSIGN_OR_RETURN(const CopySet set,
                   MakeCopySet(input.data, input.tested, options, pictures));
  ASSIGN_OR_RETURN(const DescribedPictures described,
                   DescribeByModel(input, pictures));
  const UnitRows& rows = described.descriptors.front().rows;
  std::vector<size_t> originals;
  std::vector<size_t> copies = CopyRows(described, set.mild, originals);
  const size_t num_mild = copies.size();
  const std::vector<size_t> strong = CopyRows(described, set.strong, originals);
  copies.insert(copies.end(), strong.begin(), strong.end());
  const std::vector<size_t> references = described.RowsOf(set.references);
  if (copies.empty() || references.size() < 2) {
    return InvalidField("data", "holds too few pictures that can be read");
  }
  CalibrationData data;
  for (size_t i = 0; i < copies.size(); ++i) {
    data.pairs.push_back(
        {InnerProduct(rows[copies[i]], rows[originals[i]]), true});
  }
  Random random(options.seed, /*stream=*/2);
  for (size_t i = 0; i < max_pairs; ++i) {
    const size_t copy = random.Below(copies.size());
    const size_t reference = references[random.Below(references.size())];
    if (reference == originals[copy]) continue;
    data.pairs.push_back(
        {InnerProduct(rows[copies[copy]], rows[reference]), false});
  }
  data.text =
      absl::StrCat(num_mild, " mildly and ", strong.size(),
                   " strongly edited copies of pictures of ", input.data.name,
                   " among ", references.size(), " references");
  data.failures = described.failures;
  return data;
}

}  // namespace likeness
