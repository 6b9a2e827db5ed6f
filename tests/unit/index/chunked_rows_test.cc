#include "engine/index/chunked_rows.h"

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

TEST(ChunkedRowsTest, RowsNeverMove) {
  ChunkedRows<uint64_t> rows(3, 64);
  ASSERT_OK(rows.Append(std::vector<uint64_t>{1, 2, 3}));
  const uint64_t* first = rows.Row(0);
  for (uint64_t i = 1; i < 5000; ++i) {
    ASSERT_OK(rows.Append(std::vector<uint64_t>{i, i + 1, i + 2}));
  }
  EXPECT_EQ(rows.Row(0), first);
  EXPECT_EQ(rows.size(), 5000U);
  EXPECT_EQ(rows.Row(4999)[2], 5001U);
}

TEST(ChunkedRowsTest, AppendsAcrossChunks) {
  ChunkedRows<uint64_t> rows(1, 64);
  std::vector<uint64_t> values(1000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = i * i;
  ASSERT_OK(rows.Append(absl::MakeSpan(values).subspan(0, 33)));
  ASSERT_OK(rows.Append(absl::MakeSpan(values).subspan(33)));
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(*rows.Row(i), values[i]);
  }
}

TEST(ChunkedRowsTest, ChunksAreAligned) {
  ChunkedRows<float> rows(5, 64);
  ASSERT_OK(rows.Append(std::vector<float>(5 * 130)));
  for (size_t row = 0; row < 130; row += 64) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(rows.Row(row)) % 64, 0U);
  }
}

}  // namespace
}  // namespace likeness
