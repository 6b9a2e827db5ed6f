// Edited copies of some pictures, and what they are looked for among.
#ifndef LIKENESS_ENGINE_EVALUATE_COPY_SET_H_
#define LIKENESS_ENGINE_EVALUATE_COPY_SET_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/dataset/dataset.h"
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

// Draws originals from `tested` and adds their copies to `pictures`. A copy is
// made when it is read, the same bytes each time, so that pages can show it
// again without all being kept. INVALID_ARGUMENT when `tested` is empty.
absl::StatusOr<CopySet> MakeCopySet(const DataSet& data,
                                    absl::Span<const size_t> tested,
                                    const CopyTaskOptions& options,
                                    TaskPictures& pictures);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_COPY_SET_H_
