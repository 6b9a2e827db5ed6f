#include "server/convert_model.h"

#include <cstddef>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

// Two spaces of so many examples.
v1::CompareModelsResponse Compared(int examples) {
  v1::CompareModelsResponse response;
  for (int space = 0; space < 2; ++space) {
    v1::SpaceOverlap& overlap = *response.add_spaces();
    overlap.set_queries(examples);
    for (int i = 0; i < examples; ++i) {
      v1::OverlapExample& example = *overlap.add_worst();
      example.set_id(absl::StrCat(i));
      for (int k = 0; k < 20; ++k) example.add_other_ids(std::string(50, 'x'));
    }
  }
  return response;
}

TEST(CutExamplesTest, KeepsWhatFits) {
  v1::CompareModelsResponse response = Compared(10);
  CutExamples(response.ByteSizeLong(), response);
  EXPECT_EQ(response.spaces(0).worst_size(), 10);
  EXPECT_EQ(response.spaces(1).worst_size(), 10);
}

TEST(CutExamplesTest, TakesTheLastOfEachSpaceInTurn) {
  constexpr size_t kBytes = 8000;
  v1::CompareModelsResponse response = Compared(10);
  ASSERT_GT(response.ByteSizeLong(), 2 * kBytes);
  CutExamples(kBytes, response);
  EXPECT_LE(response.ByteSizeLong(), kBytes);
  // An example takes between one and one and a tenth of a thousand bytes.
  EXPECT_GE(response.ByteSizeLong(), kBytes - 1100);
  const int first = response.spaces(0).worst_size();
  const int second = response.spaces(1).worst_size();
  EXPECT_LE(std::abs(first - second), 1);
  EXPECT_EQ(response.spaces(1).worst(second - 1).id(),
            absl::StrCat(second - 1));
  EXPECT_EQ(response.spaces(0).queries(), 10);
}

TEST(CutExamplesTest, FiguresAloneAreNeverTooMuch) {
  v1::CompareModelsResponse response = Compared(3);
  CutExamples(0, response);
  EXPECT_EQ(response.spaces(0).worst_size(), 0);
  EXPECT_EQ(response.spaces(1).worst_size(), 0);
  EXPECT_EQ(response.spaces(1).queries(), 3);
}

}  // namespace
}  // namespace likeness
