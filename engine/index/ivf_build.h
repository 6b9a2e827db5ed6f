// Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_IVF_BUILD_H_
#define LIKENESS_ENGINE_INDEX_IVF_BUILD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/core/bitmap.h"

namespace likeness {

struct IvfBuildJob {
  const float* rows = nullptr;  // `count` x `dimensions`, row-major.
  size_t count = 0;
  size_t dimensions = 0;
  size_t lists = 1;  // At most as many as rows that are not left out.
  int threads = 1;
  // Rows that get no entry; not the first one. nullptr: none.
  const Bitmap* left_out = nullptr;
  // Called between small steps; false cancels.
  std::function<bool()> pace;
};

struct IvfArrays {
  std::vector<int8_t> centroids;  // As IvfCentroids::CodesOf.
  std::vector<uint32_t> sizes;    // Entries of each list; it may have none.
  std::vector<uint32_t> rows;     // List by list, rising in each.
};

// How many lists suit an index of `rows` > 0 rows: four times the root of it,
// so that a search compares about as many centroids as rows (as the makers of
// FAISS advise: https://github.com/facebookresearch/faiss/wiki/
// Guidelines-to-choose-an-index); at most one for each row, and kMaxIvfLists.
size_t ListsFor(size_t rows);

// How many an index of so many rows gets that `asked` for a number of them; 0:
// for as many as suit.
size_t ListsOf(size_t asked, size_t rows);

// Calls of `pace` that BuildIvf makes for so many rows with an entry.
size_t IvfBuildSteps(size_t rows, size_t lists);

// Has FAISS find the centroids: ten rounds of k-means by the inner product on
// the unit sphere, over a seeded sample of 32 rows a list, or all rows if there
// are fewer. Then each row goes to the centroid that is most like it. The same
// rows give the same lists, whatever the threads. CANCELLED; RESOURCE_EXHAUSTED
// without memory; INTERNAL with what FAISS says.
absl::StatusOr<IvfArrays> BuildIvf(const IvfBuildJob& job);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_IVF_BUILD_H_
