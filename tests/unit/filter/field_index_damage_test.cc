// Bytes that are not those that were written.
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/core/checksum.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/filter/field_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/filter/random_filters.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::IndexOf;
using ::likeness::testing::RandomFilter;
using ::likeness::testing::RandomMetadata;

std::string RandomIndexBytes(Random& random, size_t rows) {
  std::vector<Metadata> metadata(rows);
  for (Metadata& row : metadata) row = RandomMetadata(random);
  return IndexOf(metadata).Serialize();
}

// Makes the checksum right again, as a forger would.
void Seal(std::string& bytes) {
  const size_t size = bytes.size() - sizeof(uint64_t);
  const uint64_t checksum =
      Checksum64(absl::string_view(bytes).substr(0, size));
  std::memcpy(bytes.data() + size, &checksum, sizeof(checksum));
}

TEST(FieldIndexDamageTest, AnyFlippedBitIsFound) {
  Random random(71);
  const std::string bytes = RandomIndexBytes(random, 20);
  ASSERT_OK(FieldIndex::Parse(bytes));
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_THAT(FieldIndex::Parse(damaged), HasReason(kReasonCorruptData))
        << "bit " << bit;
    ASSERT_THAT(FieldIndex::Parse(damaged),
                HasCode(absl::StatusCode::kDataLoss));
  }
}

TEST(FieldIndexDamageTest, SoIsAMissingEnd) {
  Random random(73);
  const std::string bytes = RandomIndexBytes(random, 5);
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_THAT(FieldIndex::Parse(bytes.substr(0, size)),
                HasCode(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(FieldIndex::Parse(bytes + "x"),
              HasCode(absl::StatusCode::kDataLoss));
}

TEST(FieldIndexDamageTest, ANewerFormatIsNotCalledDamage) {
  std::string bytes = FieldIndex().Serialize();
  bytes[8] = 2;
  Seal(bytes);
  EXPECT_THAT(FieldIndex::Parse(bytes),
              HasCode(absl::StatusCode::kFailedPrecondition));
}

// Run under the address sanitizer, this is what "never a crash" means.
TEST(FieldIndexDamageTest, ForgedBytesAreRefusedOrHarmless) {
  constexpr uint64_t kSeed = 79;
  size_t accepted = 0;
  for (uint64_t round = 0; round < 400; ++round) {
    Random random(kSeed, round);
    const std::string bytes =
        RandomIndexBytes(random, 1 + random.Below(round % 10 == 0 ? 300 : 12));
    for (int i = 0; i < 20; ++i) {
      std::string forged = bytes;
      for (size_t flips = 1 + random.Below(3); flips > 0; --flips) {
        const size_t at = 8 + random.Below(forged.size() - 16);
        forged[at] = random.Chance(0.5) ? static_cast<char>(random.Below(256))
                                        : static_cast<char>(forged[at] + 1);
      }
      Seal(forged);
      const auto index = FieldIndex::Parse(forged);
      if (!index.ok() || (*index)->num_rows() > 100'000) continue;
      ++accepted;
      for (int query = 0; query < 5; ++query) {
        const absl::StatusOr<Filter> filter =
            Filter::Parse(RandomFilter(random, 2));
        ASSERT_OK(filter);
        const size_t count = (*index)->Evaluate(*filter).Count();
        ASSERT_LE(count, (*index)->num_rows());
      }
      ASSERT_OK(MergeFieldIndexes({{.index = index->get()}}));
    }
  }
  EXPECT_GT(accepted, 500U);
}

}  // namespace
}  // namespace likeness
