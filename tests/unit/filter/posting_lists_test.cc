#include "engine/filter/posting_lists.h"

#include <roaring/roaring.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/random.h"
#include "engine/filter/ordered_lists.h"
#include "engine/filter/roaring_format.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

using Rows = std::vector<uint32_t>;

Bitmap Empty(size_t size) {
  Bitmap bitmap;
  bitmap.Grow(size, false);
  return bitmap;
}

Rows RowsOf(const Bitmap& bitmap) {
  Rows rows;
  for (size_t i = 0; i < bitmap.size(); ++i) {
    if (bitmap.Test(i)) rows.push_back(static_cast<uint32_t>(i));
  }
  return rows;
}

// Rows below `size` in one of several patterns: sparse, dense, in runs, mixed.
Rows RandomRows(Random& random, size_t size) {
  Rows rows;
  const double run = random.Chance(0.5) ? random.Uniform(0, 300) : 0;
  const double gap = std::exp2(random.Uniform(0, 16));
  for (double at = random.Uniform(0, gap); at < static_cast<double>(size);
       at += 1 + random.Uniform(0, gap)) {
    for (double end = at + random.Uniform(0, run);
         at <= end && at < static_cast<double>(size); ++at) {
      const auto row = static_cast<uint32_t>(at);
      if (rows.empty() || rows.back() < row) rows.push_back(row);
    }
  }
  return rows;
}

TEST(RoaringFormatTest, ReadsWhatTheLibraryWrites) {
  constexpr uint64_t kSeed = 31;
  for (uint64_t round = 0; round < 100; ++round) {
    Random random(kSeed, round);
    const size_t size = 1 + random.Below(400'000);
    const Rows rows = RandomRows(random, size);
    const std::string bytes = EncodeRoaring(rows);
    ASSERT_EQ(CheckRoaring(bytes, size), rows.size()) << "round " << round;
    Bitmap bitmap = Empty(size);
    OrRoaring(bytes, bitmap);
    ASSERT_EQ(RowsOf(bitmap), rows) << "round " << round;
    Rows read;
    AppendRoaring(bytes, read);
    ASSERT_EQ(read, rows) << "round " << round;
    if (!rows.empty()) {
      EXPECT_EQ(CheckRoaring(bytes, rows.back()), std::nullopt)
          << "a row at the limit is beyond it";
    }
  }
}

TEST(RoaringFormatTest, WhatIsAcceptedIsWhatTheLibraryReads) {
  constexpr uint64_t kSeed = 37;
  size_t accepted = 0;
  for (uint64_t round = 0; round < 6000; ++round) {
    Random random(kSeed, round);
    const size_t size = 1 + random.Below(200'000);
    std::string bytes = EncodeRoaring(RandomRows(random, size));
    if (bytes.size() > 3000) bytes.resize(3000);
    for (size_t i = random.Below(3); i > 0; --i) {
      const size_t at = random.Below(std::min<size_t>(bytes.size(), 60));
      bytes[at] = static_cast<char>(random.Below(256));
    }
    if (random.Chance(0.1)) bytes.resize(random.Below(bytes.size() + 1));
    const std::optional<uint64_t> count = CheckRoaring(bytes, size);
    if (!count.has_value()) continue;
    ++accepted;
    Bitmap bitmap = Empty(size);
    OrRoaring(bytes, bitmap);
    Rows read;
    AppendRoaring(bytes, read);
    ASSERT_EQ(RowsOf(bitmap), read) << "seed " << kSeed << " round " << round;
    ASSERT_EQ(read.size(), *count) << "seed " << kSeed << " round " << round;
    const std::unique_ptr<roaring_bitmap_t, decltype(&roaring_bitmap_free)>
        theirs(roaring_bitmap_portable_deserialize_safe(bytes.data(),
                                                        bytes.size()),
               &roaring_bitmap_free);
    ASSERT_NE(theirs, nullptr);
    Rows expected(roaring_bitmap_get_cardinality(theirs.get()));
    roaring_bitmap_to_uint32_array(theirs.get(), expected.data());
    ASSERT_EQ(read, expected) << "seed " << kSeed << " round " << round;
  }
  EXPECT_GT(accepted, 300U);
}

TEST(PostingListsTest, GiveBackWhatWasAdded) {
  constexpr size_t kSize = 300'000;
  Random random(41);
  PostingLists lists;
  std::vector<Rows> model = {{}, {0}, {kSize - 1}, {3, 4}};
  for (int i = 0; i < 100; ++i) model.push_back(RandomRows(random, kSize));
  for (const Rows& rows : model) ASSERT_TRUE(lists.Add(rows));
  ASSERT_TRUE(lists.Check(kSize));
  for (size_t i = 0; i < model.size(); ++i) {
    EXPECT_EQ(lists.Count(i), model[i].size());
    Rows rows = {7};
    lists.AppendTo(i, rows);
    EXPECT_EQ(rows.front(), 7U);
    rows.erase(rows.begin());
    EXPECT_EQ(rows, model[i]);
    Bitmap bitmap = Empty(kSize);
    lists.OrInto(i, bitmap);
    EXPECT_EQ(RowsOf(bitmap), model[i]);
  }
}

TEST(PostingListsTest, ASingleRowCostsFourBytesAndAFullListNearlyNothing) {
  PostingLists lists;
  for (uint32_t row = 0; row < 1000; ++row) {
    ASSERT_TRUE(lists.Add(Rows{row}));
  }
  EXPECT_EQ(lists.handles().size() * 4 + lists.words().size() * 4, 4000U);
  Rows all(1'000'000);
  for (uint32_t row = 0; row < all.size(); ++row) all[row] = row;
  ASSERT_TRUE(lists.Add(all));
  EXPECT_LT(lists.words().size() * 4, 500U) << "runs";
}

TEST(PostingListsTest, RefuseWhatIsNotWellFormed) {
  const uint32_t row_bit = 1U << 31;
  EXPECT_TRUE(PostingLists({row_bit | 9U}, {}).Check(10));
  EXPECT_FALSE(PostingLists({row_bit | 10U}, {}).Check(10));
  EXPECT_TRUE(PostingLists({0}, {4, 1, 9}).Check(10));
  EXPECT_FALSE(PostingLists({0}, {4, 1, 10}).Check(10)) << "row";
  EXPECT_FALSE(PostingLists({0}, {4, 9, 1}).Check(10)) << "order";
  EXPECT_FALSE(PostingLists({0}, {4, 1, 1}).Check(10)) << "twice";
  EXPECT_FALSE(PostingLists({0}, {6, 1, 9}).Check(10)) << "length";
  EXPECT_FALSE(PostingLists({3}, {4, 1, 9}).Check(10)) << "place";
  EXPECT_FALSE(PostingLists({2}, {4, 1, 9}).Check(10)) << "odd: roaring";
  EXPECT_FALSE(PostingLists({0}, {1, 0}).Check(10)) << "no bytes";
  EXPECT_FALSE(PostingLists({0}, {1, ~0U}).Check(10)) << "too many bytes";
}

TEST(OrderedListsTest, RangesAreTheUnionOfTheirLists) {
  constexpr size_t kSize = 20'000;
  constexpr uint64_t kSeed = 43;
  for (uint64_t round = 0; round < 40; ++round) {
    Random random(kSeed, round);
    // Every row in one list, or in several when they need not be disjoint.
    const bool disjoint = round % 4 != 0;
    const size_t count = 1 + random.Below(round % 2 == 0 ? 20'000 : 60);
    std::vector<Rows> model(count);
    for (uint32_t row = 0; row < kSize; ++row) {
      if (random.Chance(0.1)) continue;
      model[random.Below(count)].push_back(row);
      if (disjoint) continue;
      Rows& second = model[random.Below(count)];
      if (second.empty() || second.back() != row) second.push_back(row);
    }
    std::erase_if(model, [](const Rows& rows) { return rows.empty(); });
    PostingLists lists;
    for (const Rows& rows : model) ASSERT_TRUE(lists.Add(rows));
    const OrderedLists ordered(std::move(lists), kSize, disjoint);
    for (int query = 0; query < 40; ++query) {
      ListRange range;
      range.first = random.Chance(0.2) ? 0 : random.Below(model.size() + 1);
      range.last =
          random.Chance(0.2) ? model.size() : random.Below(model.size() + 1);
      Bitmap expected = Empty(kSize);
      expected.Set(5);  // What was there stays.
      Bitmap actual = expected;
      for (size_t i = range.first; i < range.last; ++i) {
        for (const uint32_t row : model[i]) expected.Set(row);
      }
      ordered.OrInto(range, actual);
      ASSERT_EQ(RowsOf(actual), RowsOf(expected))
          << "seed " << kSeed << " round " << round;
    }
  }
}

}  // namespace
}  // namespace likeness
