// Requests that are sent again.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/store/metadata_store.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/store/test_store.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Delete;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::If;
using ::likeness::testing::Patch;
using ::likeness::testing::Put;

using Change = Outcome::Change;

class RequestMemoryTest : public testing::StoreTest {
 protected:
  WriteResult Send(const std::string& request_id,
                   std::vector<Mutation> mutations) {
    auto committed = store().Apply({{std::move(mutations), request_id}});
    if (!committed.ok()) return committed.status();
    return std::move(committed->results.front());
  }
};

TEST_F(RequestMemoryTest, ARepeatedRequestGetsTheFirstAnswerAndChangesNothing) {
  ASSERT_OK_AND_ASSIGN(
      const auto first,
      Send("one", {Put("a", 1), Put("b", 2), Delete("none"), Delete("b")}));
  ASSERT_OK(Send("", {Put("a", 9)}));
  for (int start = 0; start < 2; ++start) {
    ASSERT_OK_AND_ASSIGN(
        const auto again,
        Send("one", {Put("a", 1), Put("b", 2), Delete("none"), Delete("b")}));
    ASSERT_EQ(again.size(), 4U);
    for (size_t i = 0; i < again.size(); ++i) {
      EXPECT_EQ(again[i].change, first[i].change) << i;
      EXPECT_EQ(again[i].op_id, first[i].op_id) << i;
    }
    EXPECT_EQ(store().last_op_id(), 4U);
    Reopen();
  }
  ASSERT_OK_AND_ASSIGN(const ItemVectors vectors, store().GetVectors("a"));
  EXPECT_EQ(vectors[Space::kSimilar][0], 9.0F);
}

TEST_F(RequestMemoryTest, ARepetitionInTheSameGroupIsAnsweredToo) {
  ASSERT_OK_AND_ASSIGN(
      const Committed committed,
      store().Apply({{{If(Condition::Kind::kAbsent, Put("a", 1))}, "one"},
                     {{If(Condition::Kind::kAbsent, Put("a", 1))}, "one"}}));
  ASSERT_OK(committed.results[0]);
  ASSERT_OK(committed.results[1]);
  EXPECT_EQ(committed.results[1]->front().op_id, 1U);
  EXPECT_EQ(committed.mutations.size(), 1U);
}

TEST_F(RequestMemoryTest, AnIdOfAnotherRequestIsRefused) {
  ASSERT_OK(Send("one", {Put("a", 1)}));
  const auto other = Send("one", {Put("a", 2)});
  EXPECT_THAT(other, HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(other, HasReason(kReasonRequestIdReused));
  EXPECT_THAT(other, BlamesField("request_id"));
  EXPECT_EQ(store().last_op_id(), 1U);
}

// Every part of a request counts.
TEST_F(RequestMemoryTest, EachDifferenceMakesAnotherRequest) {
  std::vector<Mutation> variants(14, Put("a", 1));
  variants[1].item.id = "b";
  variants[2].item.metadata["value"] = 1.5;
  variants[3].item.metadata["value"] = int64_t{1};
  variants[4].item.metadata.clear();
  variants[5].item.source = "x";
  variants[6].item.model_id = "x";
  variants[7].item.expires = absl::UnixEpoch();
  variants[8].item.picture.emplace();
  variants[9].vectors[Space::kSimilar][3] = 2;
  variants[10].kind = Mutation::Kind::kDelete;
  variants[11].condition.kind = Condition::Kind::kChanged;
  variants[12].ttl = absl::Seconds(1);
  variants[13] = Patch("a", {{"value", 1.0}});
  ASSERT_OK(Send("one", {variants[0]}));
  for (size_t i = 1; i < variants.size(); ++i) {
    EXPECT_THAT(Send("one", {variants[i]}), HasReason(kReasonRequestIdReused))
        << i;
  }
  EXPECT_THAT(Send("one", {variants[0], variants[0]}),
              HasReason(kReasonRequestIdReused));
  EXPECT_OK(Send("one", {variants[0]}));
}

TEST_F(RequestMemoryTest, AFailedRequestMayBeTriedAgain) {
  EXPECT_THAT(Send("one", {Patch("a", {{"x", true}})}),
              HasCode(absl::StatusCode::kNotFound));
  ASSERT_OK(Send("", {Put("a", 1)}));
  ASSERT_OK_AND_ASSIGN(const auto outcomes,
                       Send("one", {Patch("a", {{"x", true}})}));
  EXPECT_EQ(outcomes[0].op_id, 2U);
}

TEST_F(RequestMemoryTest, ARequestThatWroteNothingIsRememberedToo) {
  ASSERT_OK_AND_ASSIGN(auto outcomes, Send("one", {Delete("a")}));
  EXPECT_EQ(outcomes[0].change, Change::kAbsent);
  ASSERT_OK(Send("", {Put("a", 1)}));
  Reopen();
  ASSERT_OK_AND_ASSIGN(outcomes, Send("one", {Delete("a")}));
  EXPECT_EQ(outcomes[0].change, Change::kAbsent);
  EXPECT_OK(store().Get("a", {}));
}

TEST_F(RequestMemoryTest, TheNewestRequestsAreRememberedAndNoMore) {
  ASSERT_OK(Send("first", {Put("a", 1)}));
  ASSERT_OK(Send("second", {Put("b", 1)}));
  constexpr uint64_t kBatch = 4096;
  for (uint64_t sent = 2; sent < kMaxRememberedRequests; sent += kBatch) {
    std::vector<AtomicWrite> writes(
        std::min(kBatch, kMaxRememberedRequests - sent));
    for (size_t i = 0; i < writes.size(); ++i) {
      writes[i] = {{Delete("none")}, absl::StrCat("filler", sent + i)};
    }
    ASSERT_OK(store().Apply(std::move(writes)));
  }
  // As many as there is room for: both are known still.
  ASSERT_OK_AND_ASSIGN(auto outcomes, Send("first", {Put("a", 1)}));
  EXPECT_EQ(outcomes[0].op_id, 1U);
  Reopen();
  ASSERT_OK(Send("one more", {Delete("none")}));
  ASSERT_OK_AND_ASSIGN(outcomes, Send("second", {Put("b", 1)}));
  EXPECT_EQ(outcomes[0].op_id, 2U);
  ASSERT_OK_AND_ASSIGN(outcomes, Send("first", {Put("a", 1)}));
  EXPECT_EQ(outcomes[0].op_id, 3U);
}

TEST_F(RequestMemoryTest, IdsHaveLimits) {
  EXPECT_OK(ValidateRequestId(std::string(kMaxRequestIdBytes, 'x')));
  EXPECT_THAT(ValidateRequestId(std::string(kMaxRequestIdBytes + 1, 'x')),
              BlamesField("request_id"));
  EXPECT_THAT(ValidateRequestId("a\nb"), BlamesField("request_id"));
  EXPECT_THAT(ValidateRequestId("\xff"), BlamesField("request_id"));
}

}  // namespace
}  // namespace likeness
