#include "engine/train/sampler.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::testing::HasSubstr;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// Class i has sizes[i] pictures, the first of which is iconic.
DataSet MakeData(const std::vector<int>& sizes, int unlabelled = 0) {
  DataSet data;
  data.name = "set";
  const auto add = [&data](int label, const std::string& group) {
    Sample sample;
    sample.path = absl::StrCat(data.samples.size());
    sample.label = label;
    sample.group = group;
    data.samples.push_back(sample);
  };
  for (size_t c = 0; c < sizes.size(); ++c) {
    data.classes.push_back(absl::StrCat("c", c));
    data.class_groups.emplace_back();
    for (int i = 0; i < sizes[c]; ++i) {
      add(static_cast<int>(c), i == 0 ? "iconic" : "natural");
    }
  }
  for (int i = 0; i < unlabelled; ++i) add(-1, "");
  return data;
}

int LabelOf(const DataSet& data, const BatchItem& item) {
  return data.samples[item.sample].label;
}

TEST(ClassBatchSamplerTest, HasPClassesOfKDifferentPictures) {
  const DataSet data = MakeData({5, 9, 4, 30, 6}, 10);
  ASSERT_OK_AND_ASSIGN(
      const auto sampler,
      MakeClassBatchSampler(data, AllSamples(data),
                            {.classes = 3, .pictures = 4, .always_group = ""},
                            1));
  EXPECT_EQ(sampler->tuple_size(), 0);
  for (int64_t step = 0; step < 100; ++step) {
    const std::vector<BatchItem> items = sampler->Draw(step);
    ASSERT_EQ(items.size(), 12U);
    std::map<int, std::set<size_t>> pictures;
    for (const BatchItem& item : items) {
      EXPECT_EQ(item.label, LabelOf(data, item));
      EXPECT_EQ(item.instance, static_cast<int64_t>(item.sample));
      pictures[item.label].insert(item.sample);
    }
    EXPECT_EQ(pictures.size(), 3U);
    for (const auto& [label, different] : pictures) {
      EXPECT_EQ(different.size(), 4U);
    }
  }
}

TEST(ClassBatchSamplerTest, SmallClassesBeginAgain) {
  const DataSet data = MakeData({2, 2});
  ASSERT_OK_AND_ASSIGN(
      const auto sampler,
      MakeClassBatchSampler(data, AllSamples(data),
                            {.classes = 2, .pictures = 5, .always_group = ""},
                            1));
  std::map<size_t, int> times;
  for (const BatchItem& item : sampler->Draw(0)) ++times[item.sample];
  EXPECT_EQ(times.size(), 4U);
  for (const auto& [sample, count] : times) EXPECT_GE(count, 2);
}

TEST(ClassBatchSamplerTest, OneOfTheGroupIsAlwaysThere) {
  const DataSet data = MakeData({5, 9, 1, 6});
  ASSERT_OK_AND_ASSIGN(
      const auto sampler,
      MakeClassBatchSampler(
          data, AllSamples(data),
          {.classes = 4, .pictures = 4, .always_group = "iconic"}, 1));
  for (int64_t step = 0; step < 50; ++step) {
    std::map<int, int> iconic;
    for (const BatchItem& item : sampler->Draw(step)) {
      iconic[item.label] += data.samples[item.sample].group == "iconic" ? 1 : 0;
    }
    // The third class has nothing else.
    EXPECT_EQ(iconic, (std::map<int, int>{{0, 1}, {1, 1}, {2, 4}, {3, 1}}));
  }
}

TEST(ClassBatchSamplerTest, WeightsEvenOutImbalanceAsStated) {
  const DataSet data = MakeData({10, 40, 90, 160});
  const auto shares = [&](ClassWeight weight) {
    // Single classes, two at a time of which the first counts.
    const auto sampler =
        MakePairSampler(data, AllSamples(data),
                        {.pairs = 1, .positive_share = 1, .weight = weight}, 3);
    EXPECT_OK(sampler);
    const SamplerBalance balance = MeasureBalance(**sampler, 4, 0, 20'000);
    std::vector<double> result;
    for (const int64_t count : balance.per_class) {
      result.push_back(static_cast<double>(count) / 40'000);
    }
    return result;
  };
  using ::testing::DoubleNear;
  using ::testing::ElementsAre;
  const auto near = [](double share) { return DoubleNear(share, 0.015); };
  EXPECT_THAT(shares(ClassWeight::kUniform),
              ElementsAre(near(0.25), near(0.25), near(0.25), near(0.25)));
  // Square roots 3.16, 6.32, 9.49, 12.65.
  EXPECT_THAT(shares(ClassWeight::kSquareRoot),
              ElementsAre(near(0.1), near(0.2), near(0.3), near(0.4)));
  EXPECT_THAT(
      shares(ClassWeight::kFrequency),
      ElementsAre(near(1 / 30.0), near(4 / 30.0), near(0.3), near(16 / 30.0)));
}

TEST(ClassBatchSamplerTest, ADrawWithoutReplacementFollowsTheWeights) {
  // The first of two classes is each class as often as its weight says.
  const DataSet data = MakeData({10, 90});
  ASSERT_OK_AND_ASSIGN(const auto sampler,
                       MakeClassBatchSampler(data, AllSamples(data),
                                             {.classes = 2,
                                              .pictures = 1,
                                              .weight = ClassWeight::kFrequency,
                                              .always_group = ""},
                                             1));
  int first = 0;
  for (int64_t step = 0; step < 5000; ++step) {
    first += sampler->Draw(step).front().label;
  }
  EXPECT_NEAR(first / 5000.0, 0.9, 0.02);
}

TEST(PairSamplerTest, KeepsTheRatioExactly) {
  const DataSet data = MakeData({5, 9, 4, 1}, 3);
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
  const DataSet data = MakeData({2, 1});
  ASSERT_OK_AND_ASSIGN(const auto sampler,
                       MakePairSampler(data, AllSamples(data),
                                       {.pairs = 50, .positive_share = 1}, 1));
  const std::vector<BatchItem> items = sampler->Draw(0);
  for (size_t i = 0; i < items.size(); i += 2) {
    EXPECT_EQ(items[i].sample == items[i + 1].sample, items[i].label == 1);
  }
}

TEST(PairSamplerTest, TheOrderTellsNothing) {
  const DataSet data = MakeData({5, 9, 4});
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
  const DataSet data = MakeData({5, 90, 4, 2});
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
  const DataSet data = MakeData({4}, 6);
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
  const DataSet data = MakeData({5, 9, 4, 30, 6});
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

TEST(SamplerTest, TellsItsBalance) {
  const DataSet data = MakeData({3, 3, 3}, 2);
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
              HasSubstr("3 of 4 classes drawn, 20 to 20 pictures each"));
  EXPECT_THAT(BalanceText(balance), HasSubstr("20.0 % of the pairs positive"));
}

TEST(SamplerTest, BadOptionsAreNamed) {
  const DataSet data = MakeData({5, 9}, 1);
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
