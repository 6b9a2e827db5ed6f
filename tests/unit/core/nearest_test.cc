#include "engine/core/nearest.h"

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(NearestTest, FindsTheWordThatWasMeant) {
  const std::vector<std::string> flags = {"--data", "--server", "--space"};
  EXPECT_EQ(Nearest("--spcae", flags), "--space");
  EXPECT_EQ(Nearest("--dta", flags), "--data");
  EXPECT_EQ(Nearest("--data", flags), "--data");
}

TEST(NearestTest, CountsSwappedNeighboursAsOneMistake) {
  EXPECT_EQ(Nearest("brnad", {"brand"}), "brand");
  EXPECT_EQ(Nearest("rbadn", {"brand"}), "") << "two swaps in five letters";
  EXPECT_EQ(Nearest("ba", {"ab"}), "ab");
}

TEST(NearestTest, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(Nearest("--completely-else", {"--data"}), "");
  EXPECT_EQ(Nearest("x", {}), "");
}

}  // namespace
}  // namespace likeness
