#include <cstdint>
#include <string>
#include <vector>

#include "engine/filter/field_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/filter/random_filters.h"

namespace likeness {
namespace {

using ::likeness::testing::ExpectSameAsMatches;
using ::likeness::testing::IndexOf;

TEST(MergeFieldIndexesTest, NumbersTheKeptRowsInOrder) {
  const std::vector<Metadata> first = {
      {{"a", "x"}}, {{"a", "y"}, {"gone", true}}, {{"b", int64_t{1}}}};
  const std::vector<Metadata> second = {{{"a", "w"}}, {{"a", "x"}}};
  const FieldIndex one = IndexOf(first);
  const FieldIndex two = IndexOf(second);
  Bitmap keep;
  keep.Grow(3, true);
  keep.Clear(1);
  const auto merged = MergeFieldIndexes(
      {{.index = &one, .keep = &keep}, {.index = &two, .keep = nullptr}});
  ASSERT_OK(merged);
  EXPECT_EQ((*merged)->num_rows(), 4U);
  const std::vector<Metadata> rows = {first[0], first[2], second[0], second[1]};
  for (const char* const filter :
       {"a = x", "a = w", "a:*", "b = 1", "a = y", "a > v", "gone:*"}) {
    ExpectSameAsMatches(**merged, rows, filter, "");
  }
  EXPECT_TRUE((*merged)->types().Of("gone").empty())
      << "a field of dropped rows only is gone";
}

TEST(MergeFieldIndexesTest, NothingMergesToNothing) {
  const auto nothing = MergeFieldIndexes({});
  ASSERT_OK(nothing);
  EXPECT_EQ((*nothing)->num_rows(), 0U);
  const FieldIndex one = IndexOf({{{"a", "x"}}});
  Bitmap keep;
  keep.Grow(1, false);
  const auto dropped = MergeFieldIndexes({{.index = &one, .keep = &keep}});
  ASSERT_OK(dropped);
  EXPECT_EQ((*dropped)->num_rows(), 0U);
  EXPECT_TRUE((*dropped)->columns().empty());
}

}  // namespace
}  // namespace likeness
