#include "engine/train/class_pool.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

namespace likeness {
namespace {

double WeightOf(ClassWeight weight, size_t pictures) {
  switch (weight) {
    case ClassWeight::kUniform:
      return 1;
    case ClassWeight::kSquareRoot:
      return std::sqrt(static_cast<double>(pictures));
    case ClassWeight::kFrequency:
      return static_cast<double>(pictures);
  }
  return 1;
}

}  // namespace

absl::StatusOr<ClassPool> ClassPool::Make(const DataSet& data,
                                          absl::Span<const size_t> samples,
                                          const Options& options) {
  std::map<int, Class> by_label;
  for (const size_t index : samples) {
    const Sample& sample = data.samples[index];
    if (sample.label < 0) continue;
    Class& entry = by_label[sample.label];
    entry.label = sample.label;
    const bool always =
        !options.always_group.empty() && sample.group == options.always_group;
    (always ? entry.always : entry.pictures).push_back(index);
  }
  const int turns = options.rotated_classes ? kQuarterTurns : 1;
  const size_t classes = by_label.size() * static_cast<size_t>(turns);
  if (classes < static_cast<size_t>(options.min_classes)) {
    return absl::InvalidArgumentError(
        absl::StrCat("data set '", data.name, "': ", classes,
                     " classes to draw from, at least ", options.min_classes,
                     " are needed"));
  }
  ClassPool pool;
  double sum = 0;
  for (auto& [label, entry] : by_label) {
    const double chance =
        WeightOf(options.weight, entry.pictures.size() + entry.always.size());
    for (int turn = 0; turn < turns; ++turn) {
      sum += chance;
      pool.weights_.push_back(chance);
      pool.sums_.push_back(sum);
      entry.quarter_turns = turn;
      pool.classes_.push_back(entry);
    }
  }
  return pool;
}

const ClassPool::Class& ClassPool::Draw(Random& random) const {
  const double place = random.Uniform() * sums_.back();
  const auto found = std::upper_bound(sums_.begin(), sums_.end(), place);
  const auto index = static_cast<size_t>(found - sums_.begin());
  return classes_[std::min(index, classes_.size() - 1)];
}

const ClassPool::Class& ClassPool::DrawOther(const Class& other,
                                             Random& random) const {
  // The place is drawn among the weights without the other's.
  const auto skipped = static_cast<size_t>(&other - classes_.data());
  double place = random.Uniform() * (sums_.back() - weights_[skipped]);
  if (place >= sums_[skipped] - weights_[skipped]) place += weights_[skipped];
  const auto found = std::upper_bound(sums_.begin(), sums_.end(), place);
  auto index = static_cast<size_t>(found - sums_.begin());
  index = std::min(index, classes_.size() - 1);
  // Rounding may land on the edge of the one that is left out.
  if (index == skipped) index = (index + 1) % classes_.size();
  return classes_[index];
}

std::vector<const ClassPool::Class*> ClassPool::DrawSeveral(
    size_t count, Random& random) const {
  std::vector<std::pair<double, size_t>> keys;
  keys.reserve(classes_.size());
  for (size_t i = 0; i < classes_.size(); ++i) {
    // 1 - Uniform() is never 0.
    keys.emplace_back(-std::log(1 - random.Uniform()) / weights_[i], i);
  }
  const auto middle = keys.begin() + static_cast<ptrdiff_t>(count);
  std::partial_sort(keys.begin(), middle, keys.end());
  std::vector<const Class*> drawn;
  drawn.reserve(count);
  for (auto key = keys.begin(); key != middle; ++key) {
    drawn.push_back(&classes_[key->second]);
  }
  return drawn;
}

}  // namespace likeness
