#ifndef LIKENESS_ENGINE_INDEX_CANDIDATE_POOL_H_
#define LIKENESS_ENGINE_INDEX_CANDIDATE_POOL_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "absl/types/span.h"

namespace likeness {

// A node of a graph and how alike it is to the query.
struct Candidate {
  float score = 0;
  uint32_t node = 0;
};

// The best `capacity` candidates offered, best first, ties by rising node, each
// with a mark that says whether it was expanded: candidate list and result of a
// graph search in one sorted array. A few hundred entries are searched and
// moved faster than a heap is kept. Nodes are below 2^31. Not thread-safe.
class CandidatePool {
 public:
  // Empties it. `capacity` > 0.
  void Reset(size_t capacity) {
    if (entries_.size() < capacity + 1) entries_.resize(capacity + 1);
    capacity_ = capacity;
    size_ = 0;
    next_ = 0;
  }

  size_t size() const { return size_; }
  bool full() const { return size_ == capacity_; }
  // Requires size() > 0.
  float worst() const { return entries_[size_ - 1].score; }
  Candidate operator[](size_t i) const {
    return {entries_[i].score, entries_[i].node & ~kExpanded};
  }

  // How many have this score or a better one.
  size_t CountFrom(float score) const {
    const auto end = entries_.begin() + static_cast<std::ptrdiff_t>(size_);
    return static_cast<size_t>(
        std::partition_point(
            entries_.begin(), end,
            [score](const Candidate& each) { return each.score >= score; }) -
        entries_.begin());
  }

  // Whether an offer of this score may be among the best.
  bool Takes(float score) const { return !full() || score >= worst(); }

  void Offer(float score, uint32_t node) {
    if (!Takes(score)) return;
    size_t low = 0;
    size_t high = size_;
    while (low < high) {
      const size_t middle = (low + high) / 2;
      const Candidate& other = entries_[middle];
      if (other.score > score ||
          (other.score == score && (other.node & ~kExpanded) < node)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == capacity_) return;
    if (!full()) ++size_;
    std::memmove(&entries_[low + 1], &entries_[low],
                 (size_ - 1 - low) * sizeof(Candidate));
    entries_[low] = {score, node};
    next_ = std::min(next_, low);
  }

  // True while one of the best `ef` candidates is not expanded; the best of
  // them is then next().
  bool HasNext(size_t ef) const { return next_ < std::min(size_, ef); }
  Candidate next() const { return entries_[next_]; }

  // Marks next().
  void Expand() { entries_[next_].node |= kExpanded; }

  // Finds the next() after offers.
  void Advance() {
    while (next_ < size_ && (entries_[next_].node & kExpanded) != 0) ++next_;
  }

 private:
  static constexpr uint32_t kExpanded = uint32_t{1} << 31;

  std::vector<Candidate> entries_;
  size_t capacity_ = 0;
  size_t size_ = 0;
  size_t next_ = 0;  // No candidate before this one is not expanded.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_CANDIDATE_POOL_H_
