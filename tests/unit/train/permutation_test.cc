#include "engine/train/permutation.h"

#include <cstdint>
#include <set>
#include <vector>

#include "gtest/gtest.h"

namespace likeness {
namespace {

std::vector<uint64_t> Order(uint64_t size, uint64_t seed) {
  const Permutation permutation(size, seed);
  std::vector<uint64_t> order;
  for (uint64_t i = 0; i < size; ++i) order.push_back(permutation.At(i));
  return order;
}

TEST(PermutationTest, HasEveryElementOnce) {
  for (const uint64_t size : {1, 2, 3, 4, 5, 16, 17, 1000, 4097}) {
    const std::vector<uint64_t> order = Order(size, 7);
    const std::set<uint64_t> elements(order.begin(), order.end());
    EXPECT_EQ(elements.size(), size);
    EXPECT_EQ(*elements.rbegin(), size - 1);
  }
}

TEST(PermutationTest, SeedsGiveAllOrdersOfFour) {
  std::set<std::vector<uint64_t>> orders;
  for (uint64_t seed = 0; seed < 1000; ++seed) orders.insert(Order(4, seed));
  EXPECT_EQ(orders.size(), 24U);
}

TEST(PermutationTest, EachPlaceIsEvenlyFilled) {
  std::vector<int> counts(50);
  for (uint64_t seed = 0; seed < 10'000; ++seed) {
    ++counts[Permutation(50, seed).At(3)];
  }
  for (const int count : counts) EXPECT_NEAR(count, 200, 75);
}

}  // namespace
}  // namespace likeness
