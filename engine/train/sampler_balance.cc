#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "engine/train/sampler.h"

namespace likeness {
namespace {

struct PairCounts {
  int64_t positive = 0;
  int64_t all = 0;
};

void CountPair(const BatchItem& a, const BatchItem& b, PairCounts& counts) {
  const bool alike =
      a.quarter_turns == b.quarter_turns &&
      (a.instance == b.instance || (a.label >= 0 && a.label == b.label));
  counts.positive += alike ? 1 : 0;
  ++counts.all;
}

// The pairs of each tuple are those with its first item.
void CountPairs(const std::vector<BatchItem>& items, int tuple_size,
                PairCounts& counts) {
  if (tuple_size > 0) {
    const auto size = static_cast<size_t>(tuple_size);
    for (size_t first = 0; first + size <= items.size(); first += size) {
      for (size_t i = 1; i < size; ++i) {
        CountPair(items[first], items[first + i], counts);
      }
    }
    return;
  }
  for (size_t i = 0; i < items.size(); ++i) {
    for (size_t j = i + 1; j < items.size(); ++j) {
      CountPair(items[i], items[j], counts);
    }
  }
}

}  // namespace

SamplerBalance MeasureBalance(const Sampler& sampler, size_t classes,
                              int64_t first_step, int64_t steps) {
  SamplerBalance balance;
  balance.steps = steps;
  balance.per_class.resize(classes);
  PairCounts pairs;
  for (int64_t step = first_step; step < first_step + steps; ++step) {
    const std::vector<BatchItem> items = sampler.Draw(step);
    for (const BatchItem& item : items) {
      int64_t& count = item.label < 0
                           ? balance.unlabelled
                           : balance.per_class[static_cast<size_t>(item.label)];
      ++count;
    }
    CountPairs(items, sampler.tuple_size(), pairs);
  }
  if (pairs.all > 0) {
    balance.positive_share =
        static_cast<double>(pairs.positive) / static_cast<double>(pairs.all);
  }
  return balance;
}

std::string BalanceText(const SamplerBalance& balance) {
  int64_t drawn = 0;
  int64_t rarest = 0;
  int64_t commonest = 0;
  for (const int64_t count : balance.per_class) {
    if (count == 0) continue;
    rarest = drawn == 0 ? count : std::min(rarest, count);
    commonest = std::max(commonest, count);
    ++drawn;
  }
  return absl::StrFormat(
      "%d steps: %d classes drawn, %d to %d pictures each; %d pictures "
      "without a class; %.1f %% of the pairs positive",
      balance.steps, drawn, rarest, commonest, balance.unlabelled,
      100 * balance.positive_share);
}

}  // namespace likeness
