#include "engine/train/sampler.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/train/class_pool.h"
#include "engine/train/permutation.h"

namespace likeness {
namespace {

constexpr int kMaxTuples = 100'000;
constexpr int kMaxRepeats = 1000;

using SamplerOr = absl::StatusOr<std::unique_ptr<const Sampler>>;

absl::Status CheckCount(absl::string_view field, int value, int low, int high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return InvalidField(field,
                      absl::StrCat(value, " is not in ", low, "..", high));
}

BatchItem ItemOf(size_t sample, int label, int quarter_turns = 0) {
  return {sample, label, static_cast<int64_t>(sample), quarter_turns};
}

Random RandomOf(uint64_t seed, int64_t step) {
  return Random(seed, static_cast<uint64_t>(step));
}

// Adds `count` of `pictures`, which are of the class `of`, to `items`:
// different ones until all are used.
void DrawPictures(std::vector<size_t> pictures, size_t count,
                  const ClassPool::Class& of, Random& random,
                  std::vector<BatchItem>& items) {
  for (size_t i = 0; i < count; ++i) {
    const size_t used = i % pictures.size();
    const size_t pick = used + random.Below(pictures.size() - used);
    std::swap(pictures[used], pictures[pick]);
    items.push_back(ItemOf(pictures[used], of.label, of.quarter_turns));
  }
}

absl::StatusOr<ClassPool> MakePool(const DataSet& data,
                                   absl::Span<const size_t> samples,
                                   ClassWeight weight, bool rotated_classes) {
  return ClassPool::Make(
      data, samples, {.weight = weight, .rotated_classes = rotated_classes});
}

class ClassBatchSampler : public Sampler {
 public:
  ClassBatchSampler(ClassPool pool, const ClassBatchOptions& options,
                    uint64_t seed)
      : pool_(std::move(pool)), options_(options), seed_(seed) {}

  std::vector<BatchItem> Draw(int64_t step) const override {
    Random random = RandomOf(seed_, step);
    const auto classes = static_cast<size_t>(options_.classes);
    std::vector<BatchItem> items;
    items.reserve(classes * static_cast<size_t>(options_.pictures));
    for (const ClassPool::Class* drawn : pool_.DrawSeveral(classes, random)) {
      auto count = static_cast<size_t>(options_.pictures);
      if (!drawn->always.empty()) {
        const size_t one = drawn->pictures.empty() ? count : 1;
        DrawPictures(drawn->always, one, *drawn, random, items);
        count -= one;
      }
      if (count == 0) continue;
      DrawPictures(drawn->pictures, count, *drawn, random, items);
    }
    return items;
  }

  bool rotates_classes() const override { return options_.rotated_classes; }

 private:
  const ClassPool pool_;
  const ClassBatchOptions options_;
  const uint64_t seed_;
};

// Two pictures of one class.
void DrawPositive(const ClassPool::Class& drawn, Random& random,
                  std::vector<BatchItem>& items) {
  DrawPictures(drawn.pictures, 2, drawn, random, items);
}

void DrawOne(const ClassPool::Class& drawn, Random& random,
             std::vector<BatchItem>& items) {
  items.push_back(ItemOf(drawn.pictures[random.Below(drawn.pictures.size())],
                         drawn.label, drawn.quarter_turns));
}

class PairSampler : public Sampler {
 public:
  PairSampler(ClassPool pool, const PairOptions& options, uint64_t seed)
      : pool_(std::move(pool)), options_(options), seed_(seed) {}

  std::vector<BatchItem> Draw(int64_t step) const override {
    Random random = RandomOf(seed_, step);
    const auto pairs = static_cast<size_t>(options_.pairs);
    std::vector<bool> positive(pairs, false);
    std::fill_n(positive.begin(), PositivesUpTo(step + 1) - PositivesUpTo(step),
                true);
    random.Shuffle(positive);
    std::vector<BatchItem> items;
    items.reserve(2 * pairs);
    for (const bool same : positive) {
      const ClassPool::Class& drawn = pool_.Draw(random);
      if (same) {
        DrawPositive(drawn, random, items);
      } else {
        DrawOne(drawn, random, items);
        DrawOne(pool_.DrawOther(drawn, random), random, items);
      }
    }
    return items;
  }

  int tuple_size() const override { return 2; }
  bool rotates_classes() const override { return options_.rotated_classes; }

 private:
  // In all the steps before `step`: the fractions of a pair add up over them.
  int64_t PositivesUpTo(int64_t step) const {
    return static_cast<int64_t>(std::floor(
        static_cast<double>(step) * options_.pairs * options_.positive_share +
        0.5));
  }

  const ClassPool pool_;
  const PairOptions options_;
  const uint64_t seed_;
};

class TripletSampler : public Sampler {
 public:
  TripletSampler(ClassPool pool, const TripletOptions& options, uint64_t seed)
      : pool_(std::move(pool)), options_(options), seed_(seed) {}

  std::vector<BatchItem> Draw(int64_t step) const override {
    Random random = RandomOf(seed_, step);
    std::vector<BatchItem> items;
    items.reserve(3 * static_cast<size_t>(options_.triplets));
    for (int i = 0; i < options_.triplets; ++i) {
      const ClassPool::Class& drawn = pool_.Draw(random);
      DrawPositive(drawn, random, items);
      DrawOne(pool_.DrawOther(drawn, random), random, items);
    }
    return items;
  }

  int tuple_size() const override { return 3; }
  bool rotates_classes() const override { return options_.rotated_classes; }

 private:
  const ClassPool pool_;
  const TripletOptions options_;
  const uint64_t seed_;
};

class InstanceSampler : public Sampler {
 public:
  InstanceSampler(absl::Span<const size_t> samples,
                  const InstanceOptions& options, uint64_t seed)
      : samples_(samples.begin(), samples.end()),
        options_(options),
        seed_(seed) {}

  std::vector<BatchItem> Draw(int64_t step) const override {
    std::vector<BatchItem> items;
    items.reserve(static_cast<size_t>(options_.pictures) *
                  static_cast<size_t>(options_.views));
    for (int i = 0; i < options_.pictures; ++i) {
      const uint64_t place = static_cast<uint64_t>(step) *
                                 static_cast<uint64_t>(options_.pictures) +
                             static_cast<uint64_t>(i);
      const uint64_t round = place / samples_.size();
      const Permutation order(samples_.size(), MixSeed(seed_, round));
      const BatchItem item =
          ItemOf(samples_[order.At(place % samples_.size())], -1);
      items.insert(items.end(), static_cast<size_t>(options_.views), item);
    }
    return items;
  }

 private:
  const std::vector<size_t> samples_;
  const InstanceOptions options_;
  const uint64_t seed_;
};

}  // namespace

SamplerOr MakeClassBatchSampler(const DataSet& data,
                                absl::Span<const size_t> samples,
                                const ClassBatchOptions& options,
                                uint64_t seed) {
  RETURN_IF_ERROR(CheckCount("classes", options.classes, 2, kMaxTuples));
  RETURN_IF_ERROR(CheckCount("pictures", options.pictures, 1, kMaxRepeats));
  ASSIGN_OR_RETURN(ClassPool pool,
                   ClassPool::Make(data, samples,
                                   {.weight = options.weight,
                                    .always_group = options.always_group,
                                    .rotated_classes = options.rotated_classes,
                                    .min_classes = options.classes}));
  return std::make_unique<ClassBatchSampler>(std::move(pool), options, seed);
}

SamplerOr MakePairSampler(const DataSet& data, absl::Span<const size_t> samples,
                          const PairOptions& options, uint64_t seed) {
  RETURN_IF_ERROR(CheckCount("pairs", options.pairs, 1, kMaxTuples));
  if (!(options.positive_share >= 0 && options.positive_share <= 1)) {
    return InvalidField("positive_share", absl::StrCat(options.positive_share,
                                                       " is not in 0..1"));
  }
  ASSIGN_OR_RETURN(ClassPool pool, MakePool(data, samples, options.weight,
                                            options.rotated_classes));
  return std::make_unique<PairSampler>(std::move(pool), options, seed);
}

SamplerOr MakeTripletSampler(const DataSet& data,
                             absl::Span<const size_t> samples,
                             const TripletOptions& options, uint64_t seed) {
  RETURN_IF_ERROR(CheckCount("triplets", options.triplets, 1, kMaxTuples));
  ASSIGN_OR_RETURN(ClassPool pool, MakePool(data, samples, options.weight,
                                            options.rotated_classes));
  return std::make_unique<TripletSampler>(std::move(pool), options, seed);
}

SamplerOr MakeInstanceSampler(const DataSet& data,
                              absl::Span<const size_t> samples,
                              const InstanceOptions& options, uint64_t seed) {
  RETURN_IF_ERROR(CheckCount("pictures", options.pictures, 1, kMaxTuples));
  RETURN_IF_ERROR(CheckCount("views", options.views, 1, kMaxRepeats));
  if (samples.size() < static_cast<size_t>(options.pictures)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "data set '", data.name, "': ", samples.size(),
        " pictures to draw from, at least ", options.pictures, " are needed"));
  }
  return std::make_unique<InstanceSampler>(samples, options, seed);
}

}  // namespace likeness
