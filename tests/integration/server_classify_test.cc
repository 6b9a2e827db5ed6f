// One- and few-shot recognition over the wire.
#include "gtest/gtest.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

using ServerClassifyTest = RealServerTest;

TEST_F(ServerClassifyTest, RecognisesByExamplesThatAreSentAlong) {
  v1::ClassifyRequest request;
  for (const uint32_t seed : {1U, 2U}) {
    v1::LabelledPicture& example = *request.add_support();
    example.set_label(seed == 1 ? "one" : "two");
    example.set_picture(PatchworkJpeg(seed));
    request.add_pictures(PatchworkJpeg(seed, 128, 40));
  }
  for (const v1::FewShotRule rule :
       {v1::FEW_SHOT_RULE_UNSPECIFIED, v1::FEW_SHOT_RULE_NEAREST}) {
    request.set_rule(rule);
    ASSERT_OK_AND_ASSIGN(const auto answer, client().Call(request));
    ASSERT_EQ(answer.classifications_size(), 2);
    EXPECT_EQ(answer.classifications(0).label(), "one");
    EXPECT_EQ(answer.classifications(1).label(), "two");
  }
}

TEST_F(ServerClassifyTest, NamesThePictureAtFault) {
  v1::ClassifyRequest request;
  EXPECT_THAT(client().Call(request), BlamesField("support"));
  v1::LabelledPicture& example = *request.add_support();
  example.set_label("one");
  example.set_picture(PatchworkJpeg(1));
  request.add_pictures(PatchworkJpeg(1));
  request.add_pictures("no picture");
  const auto answer = client().Call(request);
  EXPECT_THAT(answer, HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(answer, BlamesField("pictures[1]"));
}

}  // namespace
}  // namespace likeness::testing
