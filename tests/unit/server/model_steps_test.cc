// Steps of a change of model that are asked for twice, as by somebody whose
// answer was lost.
#include <string>

#include "engine/store/database.h"
#include "gtest/gtest.h"
#include "indexer/change_model.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/server/served_model_change.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::HasReason;

using ModelStepsTest = testing::ServedModelChange;

TEST_F(ModelStepsTest, AStepThatWasTakenMayBeAskedForAgain) {
  Serve(/*with_next=*/true);
  Fill();
  ASSERT_OK(Start());
  EXPECT_THAT(Finish(), HasReason(kReasonWrongStep));
  ASSERT_OK_AND_ASSIGN(const v1::ModelChange first, Switch());
  ASSERT_OK_AND_ASSIGN(const v1::ModelChange again, Switch());
  EXPECT_TRUE(again.switched());
  EXPECT_EQ(again.current().model_id(), next_id_);
  EXPECT_EQ(again.start_time().seconds(), first.start_time().seconds());
  // Also when items have come since.
  ASSERT_OK(client().Call(UpsertOf("late", 3)));
  EXPECT_OK(Switch());
  EXPECT_THAT(Switch(-1), BlamesField("unembedded_count"));
  // One after a rollback is another one.
  ASSERT_OK(RollBack());
  EXPECT_THAT(RollBack(), HasReason(kReasonWrongStep));
  ASSERT_OK_AND_ASSIGN(const v1::ModelChange there, Switch());
  EXPECT_TRUE(there.switched());
  for (int i = 0; i < 2; ++i) {
    v1::FinishModelChangeRequest finish;
    finish.set_collection("c");
    ASSERT_OK_AND_ASSIGN(const auto finished, client().Call(finish));
    EXPECT_EQ(finished.model_id(), next_id_);
  }
  ExpectFindsAll(next_id_);
  // No change is under way: what is no repetition is refused.
  EXPECT_THAT(Switch(), HasReason(kReasonNoModelChange));
  EXPECT_THAT(Cancel(), HasReason(kReasonNoModelChange));
}

}  // namespace
}  // namespace likeness
