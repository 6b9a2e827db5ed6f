#include "engine/core/bitmap.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(BitmapTest, StartsEmpty) {
  const Bitmap bitmap;
  EXPECT_EQ(bitmap.size(), 0U);
  EXPECT_EQ(bitmap.Count(), 0U);
}

TEST(BitmapTest, GrowingNeverChangesTheBitsThatAreThere) {
  std::mt19937 random(7);
  Bitmap bitmap;
  std::vector<bool> model;
  while (model.size() < 2000) {
    const size_t size = model.size() + 1 + random() % 150;
    const bool value = random() % 2 == 0;
    bitmap.Grow(size, value);
    model.resize(size, value);
    for (int i = 0; i < 10; ++i) {
      const size_t at = random() % size;
      if (random() % 2 == 0) {
        bitmap.Set(at);
        model[at] = true;
      } else {
        bitmap.Clear(at);
        model[at] = false;
      }
    }
    size_t count = 0;
    for (size_t i = 0; i < size; ++i) {
      ASSERT_EQ(bitmap.Test(i), model[i]) << i << " of " << size;
      ASSERT_EQ((bitmap.bytes()[i / 8] >> (i % 8) & 1) != 0, model[i]);
      count += model[i] ? 1 : 0;
    }
    ASSERT_EQ(bitmap.Count(), count);
  }
}

TEST(BitmapTest, BitsBehindTheEndAreZero) {
  Bitmap bitmap;
  bitmap.Grow(70, true);
  EXPECT_EQ(bitmap.Word(1), (uint64_t{1} << 6) - 1);
  EXPECT_EQ(bitmap.Count(), 70U);
}

TEST(BitmapTest, DoesNotShrink) {
  Bitmap bitmap;
  bitmap.Grow(70, true);
  bitmap.Grow(10, false);
  EXPECT_EQ(bitmap.size(), 70U);
}

}  // namespace
}  // namespace likeness
