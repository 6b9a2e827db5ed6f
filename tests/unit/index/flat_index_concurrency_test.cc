#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "engine/index/flat_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

// Row i says its ordinal: (x, 1 - x), x its last three digits as thousandths.
void AppendRow(size_t i, std::vector<float>& out) {
  const float along = static_cast<float>(i % 1000) / 1000;
  out.push_back(along);
  out.push_back(1 - along);
}

TEST(FlatIndexConcurrencyTest, SearchesSeeWholeRowsWhileTheIndexGrows) {
  constexpr size_t kRows = 60'000;  // Several chunks.
  ASSERT_OK_AND_ASSIGN(auto index, MakeFlatIndex(2));
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (size_t i = 0; i < kRows;) {
      std::vector<float> rows;
      const size_t end = std::min(kRows, i + 1 + i % 97);
      while (i < end) AppendRow(i++, rows);
      ASSERT_OK(index->Add(rows));
    }
    done = true;
  });
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      bool last = false;
      while (!last) {
        last = done;
        const size_t size = index->size();
        Bitmap view;
        view.Grow(size, true);
        const std::vector<float> query = {1, 0};
        ASSERT_OK_AND_ASSIGN(const auto results,
                             index->Search(query, {.k = 5}, view));
        ASSERT_EQ(results[0].candidates_examined, size);
        for (const Neighbor& neighbor : results[0].neighbors) {
          ASSERT_LT(neighbor.ordinal, size);
          ASSERT_EQ(neighbor.similarity,
                    static_cast<float>(neighbor.ordinal % 1000) / 1000);
        }
      }
    });
  }
  writer.join();
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(index->size(), kRows);
}

}  // namespace
}  // namespace likeness
