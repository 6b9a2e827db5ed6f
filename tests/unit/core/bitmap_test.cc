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

Bitmap RandomBitmap(std::mt19937& random, size_t size) {
  Bitmap bitmap;
  bitmap.Grow(size, false);
  for (size_t i = 0; i < size; ++i) {
    if (random() % 2 == 0) bitmap.Set(i);
  }
  return bitmap;
}

TEST(BitmapTest, SetOperationsWorkBitByBit) {
  std::mt19937 random(11);
  for (const size_t size : {0U, 1U, 63U, 64U, 65U, 1000U}) {
    const Bitmap a = RandomBitmap(random, size);
    const Bitmap b = RandomBitmap(random, size);
    const Bitmap c = RandomBitmap(random, size);
    Bitmap both = a;
    both.And(b);
    Bitmap either = a;
    either.Or(b);
    Bitmap without = a;
    without.AndNot(b);
    Bitmap difference = a;
    difference.OrDifference(b, c);
    Bitmap inverse = a;
    inverse.Invert();
    for (size_t i = 0; i < size; ++i) {
      ASSERT_EQ(both.Test(i), a.Test(i) && b.Test(i));
      ASSERT_EQ(either.Test(i), a.Test(i) || b.Test(i));
      ASSERT_EQ(without.Test(i), a.Test(i) && !b.Test(i));
      ASSERT_EQ(difference.Test(i), a.Test(i) || (b.Test(i) && !c.Test(i)));
      ASSERT_EQ(inverse.Test(i), !a.Test(i));
    }
    ASSERT_EQ(a.Count() + inverse.Count(), size) << "bits behind the end";
  }
}

TEST(BitmapTest, AppendsAtAnyOffset) {
  std::mt19937 random(13);
  Bitmap whole;
  std::vector<bool> model;
  for (int round = 0; round < 200; ++round) {
    const Bitmap part = RandomBitmap(random, random() % 200);
    whole.Append(part);
    for (size_t i = 0; i < part.size(); ++i) model.push_back(part.Test(i));
  }
  ASSERT_EQ(whole.size(), model.size());
  size_t count = 0;
  for (size_t i = 0; i < model.size(); ++i) {
    ASSERT_EQ(whole.Test(i), model[i]) << i;
    count += model[i] ? 1 : 0;
  }
  EXPECT_EQ(whole.Count(), count);
}

}  // namespace
}  // namespace likeness
