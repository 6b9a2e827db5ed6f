#ifndef LIKENESS_ENGINE_INDEX_TOP_K_H_
#define LIKENESS_ENGINE_INDEX_TOP_K_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "engine/index/vector_index.h"

namespace likeness {

// The order of results: falling similarity, ties by rising ordinal.
inline bool IsBetter(const Neighbor& a, const Neighbor& b) {
  return a.similarity != b.similarity ? a.similarity > b.similarity
                                      : a.ordinal < b.ordinal;
}

// The best `k` of the neighbours offered that reach `min_similarity`: a bounded
// heap with the worst on top. Not thread-safe.
class TopK {
 public:
  explicit TopK(const IndexSearchParams& params)
      : k_(static_cast<size_t>(params.k)),
        min_similarity_(params.min_similarity <= -1.0F
                            ? -std::numeric_limits<float>::infinity()
                            : params.min_similarity) {}

  void Offer(uint64_t ordinal, float similarity) {
    if (!(similarity >= min_similarity_)) return;
    const Neighbor offered{ordinal, similarity};
    if (heap_.size() < k_) {
      heap_.push_back(offered);
    } else {
      if (!IsBetter(offered, heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end(), IsBetter);
      heap_.back() = offered;
    }
    std::push_heap(heap_.begin(), heap_.end(), IsBetter);
  }

  // Whatever is less similar than this can't get in any more.
  float bar() const {
    return heap_.size() < k_ ? min_similarity_ : heap_.front().similarity;
  }

  size_t size() const { return heap_.size(); }

  // The neighbours, best first. Leaves nothing behind.
  std::vector<Neighbor> Take() {
    std::sort_heap(heap_.begin(), heap_.end(), IsBetter);
    return std::move(heap_);
  }

 private:
  size_t k_;
  float min_similarity_;
  std::vector<Neighbor> heap_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_TOP_K_H_
