// Edited copies of some pictures, and what they are looked for among.
#ifndef LIKENESS_ENGINE_EVALUATE_COPY_SET_H_
#define LIKENESS_ENGINE_EVALUATE_COPY_SET_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/dataset/dataset.h"
#include "engine/evaluate/describe.h"
#include "engine/evaluate/task_pictures.h"
#include "engine/evaluate/tasks.h"

namespace likeness {

// Pictures by their numbers in TaskPictures.
struct Copies {
  std::string name;               // "mild" or "strong".
  std::vector<size_t> pictures;   // The copies.
  std::vector<size_t> originals;  // Of each copy.
};

struct CopySet {
  Copies mild;
  Copies strong;
  // All of the data and the distractors, but for those that collages and covers
  // are made of.
  std::vector<size_t> references;
};

// What copies are looked for among: the references that could be described.
// Row i of a gallery of them is reference i.
struct CopyReferences {
  std::vector<size_t> pictures;
  std::vector<size_t> rows;             // In the descriptors' matrices.
  std::map<size_t, size_t> of_picture;  // Place in the two above.
};

// Copies that could be described, and whose originals are references.
struct CopyQueries {
  std::vector<size_t> pictures;
  std::vector<size_t> rows;       // In the descriptors' matrices.
  std::vector<size_t> originals;  // References that they were made from.
  std::vector<size_t> distinct_originals;  // Each once, rising.
};

CopyReferences Described(const std::vector<size_t>& references,
                         const DescribedPictures& described);
CopyQueries Described(const Copies& copies, const DescribedPictures& described,
                      const CopyReferences& references);

// Draws originals from `tested` and adds their copies to `pictures`. A copy is
// made when it is read, the same bytes each time, so that pages can show it
// again without all being kept. INVALID_ARGUMENT when `tested` is empty.
absl::StatusOr<CopySet> MakeCopySet(const DataSet& data,
                                    absl::Span<const size_t> tested,
                                    const CopyTaskOptions& options,
                                    TaskPictures& pictures);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_COPY_SET_H_
