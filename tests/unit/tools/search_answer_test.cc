#include "tools/search_answer.h"

#include <string>

#include "gtest/gtest.h"

namespace likeness {
namespace {

v1::SearchResponse AnswerWithVectorsOf(int count) {
  v1::SearchResponse answer;
  v1::Hit& hit = *answer.add_hits();
  hit.mutable_item()->set_id("shoe");
  hit.set_similarity(0.5F);
  hit.set_vector_index(count - 1);
  hit.set_vector_count(count);
  return answer;
}

TEST(SearchAnswerTest, TheMatchedVectorIsNamedWhereThereAreSeveral) {
  EXPECT_NE(
      AnswerText(AnswerWithVectorsOf(3)).find("shoe  (vector 2 of 0 to 2)\n"),
      std::string::npos);
  EXPECT_NE(AnswerText(AnswerWithVectorsOf(1)).find("  shoe\n"),
            std::string::npos);
}

TEST(SearchAnswerTest, JsonNamesTheVectorWhereThereAreSeveral) {
  const auto several = AnswerJson(AnswerWithVectorsOf(3), "");
  EXPECT_EQ(several["hits"][0]["vector_index"], 2);
  EXPECT_EQ(several["hits"][0]["vector_count"], 3);
  const auto one = AnswerJson(AnswerWithVectorsOf(1), "");
  EXPECT_FALSE(one["hits"][0].contains("vector_index"));
}

}  // namespace
}  // namespace likeness
