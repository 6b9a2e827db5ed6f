#include "tools/hint.h"

#include "engine/core/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/reasons.h"

namespace likeness {
namespace {

using ::testing::HasSubstr;

TEST(HintTest, OnlyAServerThatDidNotAnswerMayNotBeRunning) {
  EXPECT_THAT(HintFor(WithReason(absl::UnavailableError("x"), kReasonNoAnswer)),
              HasSubstr("is the server running?"));
  for (const absl::string_view reason :
       {kReasonLoading, kReasonOverloaded, kReasonShuttingDown}) {
    const std::string hint =
        HintFor(WithReason(absl::UnavailableError("x"), reason));
    EXPECT_NE(hint, "") << reason;
    EXPECT_THAT(hint, testing::Not(HasSubstr("is the server running?")));
  }
  // A port that can't be bound, say.
  EXPECT_EQ(HintFor(absl::UnavailableError("x")), "");
}

}  // namespace
}  // namespace likeness
