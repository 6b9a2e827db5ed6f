// The search over lists: how it goes, apart from what it compares. Private to
// engine/index.
#ifndef LIKENESS_ENGINE_INDEX_LIST_SCAN_H_
#define LIKENESS_ENGINE_INDEX_LIST_SCAN_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/index/hnsw_graph.h"
#include "engine/index/ivf_centroids.h"
#include "engine/index/ivf_lists.h"
#include "engine/index/top_k.h"

namespace likeness {

// The lists of an index, those that are most like a query first.
class ListOrder {
 public:
  ListOrder(const IvfCentroids& centroids, const float* query) {
    std::vector<float> likeness(centroids.count());
    centroids.Compare(query, absl::MakeSpan(likeness));
    lists_.reserve(likeness.size());
    for (size_t i = 0; i < likeness.size(); ++i) {
      lists_.push_back({i, likeness[i]});
    }
    std::make_heap(lists_.begin(), lists_.end(), IsWorse);
  }

  bool has_next() const { return !lists_.empty(); }

  // Requires has_next().
  size_t Next() {
    std::pop_heap(lists_.begin(), lists_.end(), IsWorse);
    const auto next = static_cast<size_t>(lists_.back().ordinal);
    lists_.pop_back();
    return next;
  }

 private:
  static bool IsWorse(const Neighbor& a, const Neighbor& b) {
    return IsBetter(b, a);
  }

  std::vector<Neighbor> lists_;  // A heap; ordinals are lists.
};

// Compares a query with the entries of lists, and keeps the best of what the
// filter allows. Scorer has Score as RowScorer; it is given entries (where
// codes lie in their order) or, with `by_row`, rows. Filter is one of
// node_filter.h. Borrows everything.
template <typename Scorer, typename Filter>
class ListScan {
 public:
  // Keeps the best `kept` rows in found(). With `hidden` it compares also what
  // is not allowed, to tell what lies before the best `k`.
  ListScan(const IvfLists& lists, const Scorer& scorer, bool by_row,
           const Filter& filter, size_t k, size_t kept, bool hidden)
      : lists_(lists),
        scorer_(scorer),
        by_row_(by_row),
        filter_(filter),
        compares_hidden_(Filter::kFilters && hidden),
        nearest_({.k = static_cast<int>(k)}),
        found_({.k = static_cast<int>(kept)}) {}

  void Add(size_t list) {
    const size_t end = lists_.end(list);
    for (size_t entry = lists_.begin(list); entry < end; ++entry) {
      const uint32_t row = lists_.RowOf(entry);
      const bool allowed = filter_(row);
      if (allowed) ++allowed_;
      if (!allowed && !compares_hidden_) continue;
      rows_[waiting_] = allowed ? row : kHidden;
      places_[waiting_] = by_row_ ? row : static_cast<uint32_t>(entry);
      if (++waiting_ == kBatch) Finish();
    }
    passed_ += end - lists_.begin(list);
    ++scanned_;
  }

  // Compares what waits. To be called behind the last list.
  void Finish() {
    scorer_.Score({places_.data(), waiting_}, scores_.data());
    for (size_t i = 0; i < waiting_; ++i) {
      if (rows_[i] == kHidden) {
        if (scores_[i] >= nearest_.bar()) hidden_.push_back(scores_[i]);
        continue;
      }
      if (scores_[i] >= found_.bar()) found_.Offer(rows_[i], scores_[i]);
      if (compares_hidden_ && scores_[i] >= nearest_.bar()) {
        nearest_.Offer(rows_[i], scores_[i]);
      }
    }
    compared_ += waiting_;
    waiting_ = 0;
  }

  TopK& found() { return found_; }
  size_t scanned() const { return scanned_; }    // Lists.
  size_t allowed() const { return allowed_; }    // Of their entries.
  size_t compared() const { return compared_; }  // Entries.

  // Behind Finish: the share that is allowed of the entries as good as the best
  // `k`, where that is known, and of all that were passed otherwise.
  double AllowedShare() const {
    if (!compares_hidden_) {
      // Half an entry is what none says of the next.
      return std::max(static_cast<double>(allowed_), 0.5) /
             std::max(static_cast<double>(passed_), 0.5);
    }
    const float bar = nearest_.bar();
    const auto before = static_cast<double>(
        std::count_if(hidden_.begin(), hidden_.end(),
                      [bar](float score) { return score > bar; }));
    const auto own = std::max(static_cast<double>(nearest_.size()), 0.5);
    return own / (own + before);
  }

 private:
  static constexpr size_t kBatch = kMaxLinks;  // What a scorer takes.
  static constexpr uint32_t kHidden = 0xffffffff;

  const IvfLists& lists_;
  const Scorer& scorer_;
  const bool by_row_;
  const Filter& filter_;
  const bool compares_hidden_;
  TopK nearest_;  // Of what is allowed; only beside what is not.
  TopK found_;
  std::vector<float> hidden_;  // Scores of what is not allowed.
  size_t scanned_ = 0;
  size_t passed_ = 0;
  size_t allowed_ = 0;
  size_t compared_ = 0;
  size_t waiting_ = 0;
  std::array<uint32_t, kBatch> rows_;
  std::array<uint32_t, kBatch> places_;
  std::array<float, kBatch> scores_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_LIST_SCAN_H_
