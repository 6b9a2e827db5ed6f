#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "engine/train/sampler.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/train/test_sets.h"

namespace likeness {
namespace {

using ::likeness::testing::MakeClasses;

TEST(ClassBatchSamplerTest, HasPClassesOfKDifferentPictures) {
  const DataSet data = MakeClasses({5, 9, 4, 30, 6}, 10);
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
      EXPECT_EQ(item.label, data.samples[item.sample].label);
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
  const DataSet data = MakeClasses({2, 2});
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
  const DataSet data = MakeClasses({5, 9, 1, 6});
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
  const DataSet data = MakeClasses({10, 40, 90, 160});
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
  const DataSet data = MakeClasses({10, 90});
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

}  // namespace
}  // namespace likeness
