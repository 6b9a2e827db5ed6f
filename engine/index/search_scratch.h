// What a search over a graph writes to. Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_SEARCH_SCRATCH_H_
#define LIKENESS_ENGINE_INDEX_SEARCH_SCRATCH_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/index/candidate_pool.h"

namespace likeness {

// A set of nodes that is emptied in no time: a byte for each node, equal to the
// current epoch when the node is in the set. Not thread-safe.
class VisitedSet {
 public:
  explicit VisitedSet(size_t nodes) : epochs_(nodes, 0) {}

  void Clear() {
    if (++epoch_ != 0) return;
    std::fill(epochs_.begin(), epochs_.end(), uint8_t{0});
    epoch_ = 1;
  }

  bool Has(uint32_t node) const { return epochs_[node] == epoch_; }

  // True the first time.
  bool Insert(uint32_t node) {
    if (epochs_[node] == epoch_) return false;
    epochs_[node] = epoch_;
    return true;
  }

 private:
  std::vector<uint8_t> epochs_;
  uint8_t epoch_ = 0;
};

// The memory of one running search.
struct SearchScratch {
  explicit SearchScratch(size_t nodes) : visited(nodes) {}

  VisitedSet visited;
  CandidatePool pool;
  CandidatePool allowed;  // Of a filtered search.
};

// Scratches that wait for the next search. Borrowing takes no lock: a few
// exchanges of pointers. Thread-safe.
class ScratchPool {
 public:
  explicit ScratchPool(size_t nodes) : nodes_(nodes) {}
  ~ScratchPool() {
    for (auto& place : places_) delete place.load();
  }
  ScratchPool(const ScratchPool&) = delete;
  ScratchPool& operator=(const ScratchPool&) = delete;

  // Gives the scratch back at the end of its scope.
  class Lease {
   public:
    explicit Lease(ScratchPool& pool) : pool_(pool), scratch_(pool.Take()) {}
    ~Lease() { pool_.GiveBack(std::move(scratch_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    SearchScratch& operator*() const { return *scratch_; }

   private:
    ScratchPool& pool_;
    std::unique_ptr<SearchScratch> scratch_;
  };

 private:
  // Searches at the same time beyond this make a scratch each time.
  static constexpr size_t kPlaces = 64;

  std::unique_ptr<SearchScratch> Take() {
    for (auto& place : places_) {
      if (place.load(std::memory_order_relaxed) == nullptr) continue;
      SearchScratch* taken = place.exchange(nullptr, std::memory_order_acquire);
      if (taken != nullptr) return std::unique_ptr<SearchScratch>(taken);
    }
    return std::make_unique<SearchScratch>(nodes_);
  }

  void GiveBack(std::unique_ptr<SearchScratch> scratch) {
    for (auto& place : places_) {
      SearchScratch* expected = nullptr;
      if (place.compare_exchange_strong(expected, scratch.get(),
                                        std::memory_order_release,
                                        std::memory_order_relaxed)) {
        static_cast<void>(scratch.release());
        return;
      }
    }
  }

  const size_t nodes_;
  std::array<std::atomic<SearchScratch*>, kPlaces> places_{};
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_SEARCH_SCRATCH_H_
