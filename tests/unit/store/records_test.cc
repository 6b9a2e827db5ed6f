#include "engine/store/records.h"

#include <random>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;

PerSpace<int> Dimensions(int similar, int copy) {
  PerSpace<int> dimensions;
  dimensions[Space::kSimilar] = similar;
  dimensions[Space::kCopy] = copy;
  return dimensions;
}

TEST(VectorsRecordTest, IsTheBytesOfTheFormatDocument) {
  ItemVectors vectors;
  vectors[Space::kCopy] = {1.0F, -2.0F};
  EXPECT_EQ(EncodeVectors(vectors, Dimensions(0, 2)),
            std::string("\x01\x02\x00\x00\x80\x3f\x00\x00\x00\xc0", 10));
}

TEST(VectorsRecordTest, KeepsEverySpaceBitForBit) {
  ItemVectors vectors;
  vectors[Space::kSimilar] = {0.1F, -0.0F, 1e-45F};
  vectors[Space::kCopy] = {3e38F};
  ItemVectors read;
  ASSERT_OK(DecodeVectors(EncodeVectors(vectors, Dimensions(3, 1)),
                          Dimensions(3, 1), read));
  EXPECT_EQ(read, vectors);
  vectors[Space::kSimilar].clear();
  ASSERT_OK(DecodeVectors(EncodeVectors(vectors, Dimensions(3, 1)),
                          Dimensions(3, 1), read));
  EXPECT_EQ(read, vectors);
}

TEST(VectorsRecordTest, FindsEveryWrongLength) {
  ItemVectors vectors;
  vectors[Space::kSimilar] = {1, 2, 3};
  vectors[Space::kCopy] = {4, 5};
  const std::string bytes = EncodeVectors(vectors, Dimensions(3, 2));
  ItemVectors read;
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeVectors(bytes.substr(0, size), Dimensions(3, 2), read),
                HasReason(kReasonCorruptData))
        << size;
  }
  EXPECT_THAT(DecodeVectors(bytes + "x", Dimensions(3, 2), read),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(DecodeVectors(bytes, Dimensions(3, 0), read),
              HasCode(absl::StatusCode::kDataLoss));
  std::string other_layout = bytes;
  other_layout[0] = 9;
  EXPECT_THAT(DecodeVectors(other_layout, Dimensions(3, 2), read),
              HasCode(absl::StatusCode::kDataLoss));
}

TEST(VectorsRecordTest, SeveralOfASpaceAreTheBytesOfTheFormatDocument) {
  ItemVectors vectors;
  vectors[Space::kSimilar] = {1.0F, -2.0F};
  vectors[Space::kCopy] = {-2.0F};
  const std::string one("\x00\x00\x80\x3f", 4);
  const std::string minus_two("\x00\x00\x00\xc0", 4);
  const std::string bytes = EncodeVectors(vectors, Dimensions(1, 1));
  EXPECT_EQ(bytes, "\x02\x03\x02\x01" + one + minus_two + minus_two);
  ItemVectors read;
  ASSERT_OK(DecodeVectors(bytes, Dimensions(1, 1), read));
  EXPECT_EQ(read, vectors);
}

TEST(VectorsRecordTest, FindsEveryWrongCount) {
  ItemVectors vectors;
  vectors[Space::kSimilar].assign(6, 1);
  vectors[Space::kCopy].assign(2, 1);
  const std::string bytes = EncodeVectors(vectors, Dimensions(2, 2));
  ItemVectors read;
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeVectors(bytes.substr(0, size), Dimensions(2, 2), read),
                HasReason(kReasonCorruptData))
        << size;
  }
  for (const int count : {0, 1, 2, 4, 65, 255}) {
    std::string wrong = bytes;
    wrong[2] = static_cast<char>(count);
    EXPECT_THAT(DecodeVectors(wrong, Dimensions(2, 2), read),
                HasReason(kReasonCorruptData))
        << count;
  }
}

TEST(RecordsTest, RandomBytesNeverCrashADecoder) {
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 60, '\0');
    // ASCII: protobuf prints a line for every string that is not UTF-8.
    for (char& byte : bytes) byte = static_cast<char>(random() % 128);
    ItemVectors vectors;
    DecodeItem(bytes).IgnoreError();
    DecodeCollection(bytes).IgnoreError();
    DecodeState(bytes).IgnoreError();
    DecodeVersion(bytes).IgnoreError();
    DecodeVectors(bytes, Dimensions(4, 4), vectors).IgnoreError();
  }
}

TEST(RecordsTest, ADamagedItemIsDataLoss) {
  Item item;
  item.id = "a";
  item.metadata["price"] = 1.5;
  const std::string bytes = EncodeItem(item);
  EXPECT_THAT(DecodeItem(bytes.substr(0, bytes.size() - 1)),
              HasReason(kReasonCorruptData));
}

}  // namespace
}  // namespace likeness
