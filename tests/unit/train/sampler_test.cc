#include "engine/train/sampler.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "tests/support/status_matchers.h"
#include "tests/unit/train/test_sets.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::MakeClasses;
using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(PairSamplerTest, KeepsTheRatioExactly) {
  const DataSet data = MakeClasses({5, 9, 4, 1}, 3);
  // 0.3 of 8 pairs is 2.4 a step, 24 in ten steps.
  ASSERT_OK_AND_ASSIGN(const auto sampler,
                       MakePairSampler(data, AllSamples(data),
                                       {.pairs = 8, .positive_share = 0.3}, 1));
  EXPECT_EQ(sampler->tuple_size(), 2);
  for (int64_t first = 0; first < 100; first += 10) {
    int positive = 0;
    for (int64_t step = first; step < first + 10; ++step) {
      const std::vector<BatchItem> items = sampler->Draw(step);
      ASSERT_EQ(items.size(), 16U);
      for (size_t i = 0; i < items.size(); i += 2) {
        EXPECT_GE(items[i].label, 0);
        positive += items[i].label == items[i + 1].label ? 1 : 0;
      }
    }
    EXPECT_EQ(positive, 24);
  }
  EXPECT_DOUBLE_EQ(MeasureBalance(*sampler, 4, 0, 100).positive_share, 0.3);
}

TEST(PairSamplerTest, PositivesAreTwoPicturesWhereThereAreTwo) {
  const DataSet data = MakeClasses({2, 1});
  ASSERT_OK_AND_ASSIGN(const auto sampler,
                       MakePairSampler(data, AllSamples(data),
                                       {.pairs = 50, .positive_share = 1}, 1));
  const std::vector<BatchItem> items = sampler->Draw(0);
  for (size_t i = 0; i < items.size(); i += 2) {
    EXPECT_EQ(items[i].sample == items[i + 1].sample, items[i].label == 1);
  }
}

TEST(PairSamplerTest, TheOrderTellsNothing) {
  const DataSet data = MakeClasses({5, 9, 4});
  ASSERT_OK_AND_ASSIGN(
      const auto sampler,
      MakePairSampler(data, AllSamples(data), {.pairs = 4}, 1));
  std::vector<int> positive(4);
  for (int64_t step = 0; step < 4000; ++step) {
    const std::vector<BatchItem> items = sampler->Draw(step);
    for (size_t i = 0; i < 4; ++i) {
      positive[i] += items[2 * i].label == items[2 * i + 1].label ? 1 : 0;
    }
  }
  for (const int count : positive) EXPECT_NEAR(count, 2000, 150);
}

TEST(TripletSamplerTest, NegativesAreOfAnotherClass) {
  const DataSet data = MakeClasses({5, 90, 4, 2});
  ASSERT_OK_AND_ASSIGN(
      const auto sampler,
      MakeTripletSampler(data, AllSamples(data),
                         {.triplets = 100, .weight = ClassWeight::kFrequency},
                         1));
  EXPECT_EQ(sampler->tuple_size(), 3);
  std::set<int> negatives;
  for (int64_t step = 0; step < 20; ++step) {
    const std::vector<BatchItem> items = sampler->Draw(step);
    ASSERT_EQ(items.size(), 300U);
    for (size_t i = 0; i < items.size(); i += 3) {
      EXPECT_EQ(items[i].label, items[i + 1].label);
      EXPECT_NE(items[i].sample, items[i + 1].sample);
      EXPECT_NE(items[i].label, items[i + 2].label);
      negatives.insert(items[i + 2].label);
    }
  }
  EXPECT_EQ(negatives, (std::set<int>{0, 1, 2, 3}));
  EXPECT_DOUBLE_EQ(MeasureBalance(*sampler, 4, 0, 5).positive_share, 0.5);
}

TEST(InstanceSamplerTest, UsesEveryPictureOnceBeforeAnyTwice) {
  const DataSet data = MakeClasses({4}, 6);
  ASSERT_OK_AND_ASSIGN(const auto sampler,
                       MakeInstanceSampler(data, AllSamples(data),
                                           {.pictures = 5, .views = 3}, 1));
  std::vector<std::vector<size_t>> rounds;
  for (int64_t round = 0; round < 5; ++round) {
    std::vector<size_t> order;
    for (int64_t step = 2 * round; step < 2 * round + 2; ++step) {
      const std::vector<BatchItem> items = sampler->Draw(step);
      ASSERT_EQ(items.size(), 15U);
      for (size_t i = 0; i < items.size(); ++i) {
        EXPECT_EQ(items[i].label, -1);
        EXPECT_EQ(items[i].instance, items[i - i % 3].instance);
        if (i % 3 == 0) order.push_back(items[i].sample);
      }
    }
    EXPECT_EQ(std::set(order.begin(), order.end()).size(), 10U);
    rounds.push_back(order);
  }
  EXPECT_NE(rounds[0], rounds[1]);
}

TEST(SamplerTest, IsAFunctionOfSeedAndStep) {
  const DataSet data = MakeClasses({5, 9, 4, 30, 6});
  const auto samples = AllSamples(data);
  const auto make = [&](uint64_t seed) {
    std::vector<std::unique_ptr<const Sampler>> samplers;
    samplers.push_back(*MakeClassBatchSampler(
        data, samples, {.classes = 3, .pictures = 4, .always_group = ""},
        seed));
    samplers.push_back(*MakePairSampler(data, samples, {}, seed));
    samplers.push_back(*MakeTripletSampler(data, samples, {}, seed));
    samplers.push_back(
        *MakeInstanceSampler(data, samples, {.pictures = 9}, seed));
    return samplers;
  };
  const auto one = make(5);
  const auto same = make(5);
  const auto other = make(6);
  for (size_t i = 0; i < one.size(); ++i) {
    const std::vector<BatchItem> seventh = one[i]->Draw(7);
    EXPECT_NE(seventh, one[i]->Draw(8));
    EXPECT_EQ(seventh, one[i]->Draw(7));
    EXPECT_EQ(seventh, same[i]->Draw(7));
    EXPECT_NE(seventh, other[i]->Draw(7));
  }
}

TEST(SamplerTest, QuarterTurnsMakeFourTimesTheClasses) {
  const DataSet data = MakeClasses({3, 3});
  ASSERT_OK_AND_ASSIGN(const auto sampler,
                       MakeClassBatchSampler(data, AllSamples(data),
                                             {.classes = 8,
                                              .pictures = 3,
                                              .always_group = "",
                                              .rotated_classes = true},
                                             1));
  EXPECT_TRUE(sampler->rotates_classes());
  std::map<std::pair<int, int>, std::set<size_t>> drawn;
  for (const BatchItem& item : sampler->Draw(0)) {
    EXPECT_EQ(item.label, data.samples[item.sample].label);
    drawn[{item.label, item.quarter_turns}].insert(item.sample);
  }
  // Every class in every turn, with all of its pictures.
  EXPECT_EQ(drawn.size(), 8U);
  for (const auto& [turned, samples] : drawn) {
    EXPECT_LT(turned.second, kQuarterTurns);
    EXPECT_EQ(samples.size(), 3U);
  }
  // 8 x 3 of the 24 x 23 / 2 pairs, not those of a class in two turns.
  EXPECT_NEAR(MeasureBalance(*sampler, 2, 0, 5).positive_share, 24 / 276.0,
              1e-12);
}

TEST(SamplerTest, PairsAndTripletsKeepToOneTurnOfAClass) {
  const DataSet data = MakeClasses({4, 4, 4});
  const auto samples = AllSamples(data);
  ASSERT_OK_AND_ASSIGN(
      const auto triplets,
      MakeTripletSampler(data, samples,
                         {.triplets = 50, .rotated_classes = true}, 1));
  const auto turned = [](const BatchItem& item) {
    return std::pair(item.label, item.quarter_turns);
  };
  std::set<int> turns;
  const std::vector<BatchItem> items = triplets->Draw(0);
  for (size_t i = 0; i < items.size(); i += 3) {
    EXPECT_EQ(turned(items[i]), turned(items[i + 1]));
    EXPECT_NE(turned(items[i]), turned(items[i + 2]));
    turns.insert(items[i].quarter_turns);
  }
  EXPECT_EQ(turns.size(), 4U);
  ASSERT_OK_AND_ASSIGN(
      const auto pairs,
      MakePairSampler(
          data, samples,
          {.pairs = 50, .positive_share = 1, .rotated_classes = true}, 1));
  const std::vector<BatchItem> both = pairs->Draw(0);
  for (size_t i = 0; i < both.size(); i += 2) {
    EXPECT_EQ(turned(both[i]), turned(both[i + 1]));
  }
}

TEST(SamplerTest, TellsItsBalance) {
  const DataSet data = MakeClasses({3, 3, 3}, 2);
  ASSERT_OK_AND_ASSIGN(
      const auto sampler,
      MakeClassBatchSampler(data, AllSamples(data),
                            {.classes = 3, .pictures = 2, .always_group = ""},
                            1));
  const SamplerBalance balance = MeasureBalance(*sampler, 4, 0, 10);
  EXPECT_EQ(balance.per_class, (std::vector<int64_t>{20, 20, 20, 0}));
  // 3 of the 15 pairs of six pictures.
  EXPECT_DOUBLE_EQ(balance.positive_share, 0.2);
  EXPECT_THAT(BalanceText(balance),
              HasSubstr("3 classes drawn, 20 to 20 pictures each"));
  EXPECT_THAT(BalanceText(balance), HasSubstr("20.0 % of the pairs positive"));
}

TEST(SamplerTest, BadOptionsAreNamed) {
  const DataSet data = MakeClasses({5, 9}, 1);
  const auto samples = AllSamples(data);
  EXPECT_THAT(MakeClassBatchSampler(data, samples,
                                    {.classes = 1, .always_group = ""}, 1),
              BlamesField("classes"));
  EXPECT_THAT(
      MakeClassBatchSampler(
          data, samples, {.classes = 2, .pictures = 0, .always_group = ""}, 1),
      BlamesField("pictures"));
  EXPECT_THAT(MakeClassBatchSampler(data, samples,
                                    {.classes = 3, .always_group = ""}, 1),
              Fails(kInvalid, "'set': 2 classes to draw from, at least 3"));
  EXPECT_THAT(MakePairSampler(data, samples, {.pairs = 0}, 1),
              BlamesField("pairs"));
  EXPECT_THAT(MakePairSampler(data, samples, {.positive_share = NAN}, 1),
              BlamesField("positive_share"));
  EXPECT_THAT(MakePairSampler(data, {0, 1}, {}, 1),
              Fails(kInvalid, "1 classes to draw from, at least 2"));
  EXPECT_THAT(MakeTripletSampler(data, samples, {.triplets = -1}, 1),
              BlamesField("triplets"));
  EXPECT_THAT(MakeInstanceSampler(data, samples, {.pictures = 16}, 1),
              Fails(kInvalid, "15 pictures to draw from, at least 16"));
  EXPECT_THAT(
      MakeInstanceSampler(data, samples, {.pictures = 1, .views = 0}, 1),
      BlamesField("views"));
}

}  // namespace
}  // namespace likeness
