#include "engine/core/error.h"

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;
using testing::HasReason;
using testing::IsOk;

TEST(ErrorTest, InvalidFieldCarriesFieldAndReason) {
  const absl::Status status = InvalidField("k", "0 is below 1");
  EXPECT_THAT(status,
              Fails(absl::StatusCode::kInvalidArgument, "k: 0 is below 1"));
  EXPECT_THAT(status, BlamesField("k"));
  EXPECT_THAT(status, HasReason(kReasonInvalidField));
}

TEST(ErrorTest, OkStatusStaysOkAndBare) {
  const absl::Status status =
      WithField(WithReason(absl::OkStatus(), kReasonCorruptData), "k");
  EXPECT_THAT(status, IsOk());
  EXPECT_EQ(ReasonOf(status), "");
  EXPECT_EQ(FieldOf(status), "");
}

TEST(ErrorTest, ContextGoesBeforeTheMessageAndKeepsTheRest) {
  const absl::Status status = WithContext(InvalidField("k", "is 0"), "a.jpg");
  EXPECT_THAT(status,
              Fails(absl::StatusCode::kInvalidArgument, "a.jpg: k: is 0"));
  EXPECT_THAT(status, BlamesField("k"));
  EXPECT_THAT(status, HasReason(kReasonInvalidField));
  EXPECT_THAT(WithContext(absl::OkStatus(), "a.jpg"), IsOk());
}

TEST(ErrorTest, OnlyReasonsOfThePictureMakeABadPicture) {
  const absl::Status damaged = absl::DataLossError("cut short");
  EXPECT_TRUE(IsBadPicture(WithReason(damaged, kReasonCorruptPicture)));
  EXPECT_TRUE(IsBadPicture(WithReason(damaged, kReasonEmptyPicture)));
  EXPECT_TRUE(IsBadPicture(WithReason(damaged, kReasonLimitExceeded)));
  EXPECT_FALSE(IsBadPicture(WithReason(damaged, kReasonCorruptData)));
  EXPECT_FALSE(IsBadPicture(damaged));
  EXPECT_FALSE(IsBadPicture(absl::OkStatus()));
}

}  // namespace
}  // namespace likeness
