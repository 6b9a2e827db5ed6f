#include "engine/store/keys.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(KeysTest, AreTheBytesOfTheFormatDocument) {
  EXPECT_EQ(OpKey(0x01020304, 0x05060708090A0B0CULL),
            std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C"));
  EXPECT_EQ(IdKey(258, "shoe"), std::string("\0\0\x01\x02shoe", 8));
  EXPECT_EQ(NextNumberKey(), std::string("\0", 1));
  EXPECT_EQ(CollectionKey("shoes"), std::string("\x01shoes"));
  EXPECT_EQ(StateKey(258), std::string("\x02\0\0\x01\x02", 5));
  EXPECT_EQ(EncodeNumber(258), std::string("\0\0\x01\x02", 4));
}

TEST(KeysTest, SortAsTheNumbersDo) {
  for (const uint64_t op : {uint64_t{1}, uint64_t{255}, uint64_t{65535},
                            std::numeric_limits<uint64_t>::max() - 1}) {
    EXPECT_LT(OpKey(7, op), OpKey(7, op + 1));
  }
  for (const uint32_t number : {1U, 255U, 65535U, 0x7FFFFFFFU}) {
    EXPECT_LT(OpKey(number, std::numeric_limits<uint64_t>::max()),
              PrefixAfter(number));
    EXPECT_LT(IdKey(number, std::string(512, '\xff')), PrefixAfter(number));
    EXPECT_LE(PrefixAfter(number), OpKey(number + 1, 0));
  }
}

TEST(KeysTest, ComeApartAgain) {
  EXPECT_EQ(OpIdOfKey(OpKey(9, 0x0102030405060708ULL)), 0x0102030405060708ULL);
  EXPECT_EQ(OpIdOfKey("short"), std::nullopt);
  EXPECT_EQ(IdOfKey(IdKey(9, "an id")), "an id");
  EXPECT_EQ(DecodeNumber(EncodeNumber(0xFEDCBA98U)), 0xFEDCBA98U);
  EXPECT_EQ(DecodeNumber("123"), std::nullopt);
}

}  // namespace
}  // namespace likeness
