#include "engine/embed/few_shot.h"

#include <cmath>

#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;

std::vector<float> AtAngle(double degrees) {
  return {static_cast<float>(std::cos(degrees * M_PI / 180)),
          static_cast<float>(std::sin(degrees * M_PI / 180))};
}

TEST(FewShotTest, PrototypesAndNeighboursWorkedByHand) {
  ASSERT_OK_AND_ASSIGN(FewShotClassifier classifier,
                       FewShotClassifier::Make(2));
  // Prototypes at 15 and 85 degrees.
  ASSERT_OK(classifier.Add("left", AtAngle(0)));
  ASSERT_OK(classifier.Add("right", AtAngle(45)));
  ASSERT_OK(classifier.Add("left", AtAngle(30)));
  ASSERT_OK(classifier.Add("right", AtAngle(125)));
  EXPECT_EQ(classifier.num_examples(), 4U);
  ASSERT_OK_AND_ASSIGN(const auto prototype,
                       classifier.Rank(AtAngle(40), FewShotRule::kPrototype));
  ASSERT_EQ(prototype.size(), 2U);
  EXPECT_EQ(classifier.labels()[prototype[0].label], "left");
  EXPECT_NEAR(prototype[0].similarity, std::cos(25 * M_PI / 180), 1e-6);
  EXPECT_NEAR(prototype[1].similarity, std::cos(45 * M_PI / 180), 1e-6);
  ASSERT_OK_AND_ASSIGN(const auto nearest,
                       classifier.Rank(AtAngle(40), FewShotRule::kNearest));
  EXPECT_EQ(classifier.labels()[nearest[0].label], "right");
  EXPECT_EQ(nearest[0].nearest_example, 1U);
  EXPECT_NEAR(nearest[0].similarity, std::cos(5 * M_PI / 180), 1e-6);
}

TEST(FewShotTest, OneExampleALabelMakesBothRulesAgree) {
  ASSERT_OK_AND_ASSIGN(FewShotClassifier classifier,
                       FewShotClassifier::Make(2));
  ASSERT_OK(classifier.Add("a", AtAngle(10)));
  ASSERT_OK(classifier.Add("b", AtAngle(70)));
  for (const double angle : {0, 30, 60, 200}) {
    ASSERT_OK_AND_ASSIGN(
        const auto prototype,
        classifier.Rank(AtAngle(angle), FewShotRule::kPrototype));
    ASSERT_OK_AND_ASSIGN(
        const auto nearest,
        classifier.Rank(AtAngle(angle), FewShotRule::kNearest));
    EXPECT_EQ(prototype[0].label, nearest[0].label);
    EXPECT_FLOAT_EQ(prototype[0].similarity, nearest[0].similarity);
  }
}

TEST(FewShotTest, BadInputIsNamed) {
  EXPECT_THAT(FewShotClassifier::Make(0), BlamesField("dimensions"));
  ASSERT_OK_AND_ASSIGN(FewShotClassifier classifier,
                       FewShotClassifier::Make(2));
  EXPECT_THAT(classifier.Add("", AtAngle(0)), BlamesField("label"));
  EXPECT_THAT(classifier.Add("a", {1, 0, 0}), BlamesField("vector"));
  EXPECT_THAT(classifier.Rank({1.0F}, FewShotRule::kNearest),
              BlamesField("vector"));
  EXPECT_THAT(ParseFewShotRule("vote"), BlamesField("rule"));
  EXPECT_EQ(*ParseFewShotRule("nearest"), FewShotRule::kNearest);
}

}  // namespace
}  // namespace likeness
