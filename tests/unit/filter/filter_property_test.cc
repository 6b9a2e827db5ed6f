// Filters against their definition: random metadata, random filters, every row.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/random.h"
#include "engine/filter/field_index.h"
#include "engine/filter/filter.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/filter/random_filters.h"

namespace likeness {
namespace {

using ::likeness::testing::ExpectSameAsMatches;
using ::likeness::testing::IndexOf;
using ::likeness::testing::RandomFilter;
using ::likeness::testing::RandomMetadata;

constexpr uint64_t kSeed = 20'260;
constexpr int kFiltersOfASegment = 125;

std::vector<Metadata> RandomRows(Random& random, size_t count) {
  std::vector<Metadata> rows(count);
  for (Metadata& row : rows) {
    // Some rows say nothing at all.
    if (!random.Chance(0.05)) row = RandomMetadata(random);
  }
  return rows;
}

void CheckFilters(Random& random, const FieldIndex& index,
                  const std::vector<Metadata>& rows, absl::string_view what,
                  uint64_t round) {
  const std::string trace =
      absl::StrCat(what, ", seed ", kSeed, ", round ", round, ", ");
  for (int i = 0; i < kFiltersOfASegment; ++i) {
    ExpectSameAsMatches(index, rows, RandomFilter(random, 1 + i % 3), trace);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(FilterPropertyTest, IndexesSayWhatMatchesSays) {
  for (uint64_t round = 0; round < 80; ++round) {
    Random random(kSeed, round);
    const std::vector<Metadata> rows =
        RandomRows(random, round < 5 ? round : 1 + random.Below(150));
    CheckFilters(random, IndexOf(rows), rows, "built", round);
    if (HasFatalFailure()) return;
  }
}

// As segments do: indexes of neighbours, dead rows dropped, written, read.
TEST(FilterPropertyTest, SoDoMergedAndStoredOnes) {
  for (uint64_t round = 0; round < 80; ++round) {
    Random random(kSeed + 1, round);
    std::vector<FieldIndex> indexes;
    std::vector<Bitmap> keeps;
    std::vector<Metadata> kept;
    const size_t parts = 1 + random.Below(5);
    for (size_t i = 0; i < parts; ++i) {
      const std::vector<Metadata> rows = RandomRows(random, random.Below(60));
      indexes.push_back(IndexOf(rows));
      Bitmap& keep = keeps.emplace_back();
      keep.Grow(rows.size(), true);
      const double dropped = random.Chance(0.5) ? random.Uniform() : 0;
      for (size_t row = 0; row < rows.size(); ++row) {
        if (random.Chance(dropped)) {
          keep.Clear(row);
        } else {
          kept.push_back(rows[row]);
        }
      }
    }
    std::vector<FieldIndexPart> merged_parts;
    for (size_t i = 0; i < parts; ++i) {
      const bool all = keeps[i].Count() == keeps[i].size();
      merged_parts.push_back({&indexes[i], all ? nullptr : &keeps[i]});
    }
    const auto merged = MergeFieldIndexes(merged_parts);
    ASSERT_OK(merged);
    // A merge has the bytes that building from the kept rows would have.
    const std::string bytes = (*merged)->Serialize();
    EXPECT_EQ(bytes, IndexOf(kept).Serialize()) << "round " << round;
    const auto parsed = FieldIndex::Parse(bytes);
    ASSERT_OK(parsed);
    EXPECT_EQ((*parsed)->Serialize(), bytes);
    CheckFilters(random, **parsed, kept, "merged and stored", round);
    if (HasFatalFailure()) return;
  }
}

// Large enough for roaring bitmaps and for the unions of ordered columns.
TEST(FilterPropertyTest, SoDoLargeOnes) {
  Random random(kSeed + 2);
  const std::vector<Metadata> rows = RandomRows(random, 9000);
  const FieldIndex index = IndexOf(rows);
  CheckFilters(random, index, rows, "large", 0);
}

}  // namespace
}  // namespace likeness
