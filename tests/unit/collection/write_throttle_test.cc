#include "engine/collection/write_throttle.h"

#include <functional>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;

constexpr size_t kMaxRows = 100;

std::vector<AtomicWrite> Writes(Mutation::Kind kind) {
  std::vector<AtomicWrite> writes(1);
  writes.front().mutations.emplace_back().kind = kind;
  return writes;
}

const std::function<absl::Status()> kImpatient = [] {
  return absl::DeadlineExceededError("no longer wanted");
};

TEST(WriteThrottleTest, PausesGrowFromHalfTheLimitOn) {
  EXPECT_EQ(WriteThrottle::Pause(0, 100, 10), absl::ZeroDuration());
  EXPECT_EQ(WriteThrottle::Pause(50, 100, 10), absl::ZeroDuration());
  EXPECT_EQ(WriteThrottle::Pause(75, 100, 10), absl::Milliseconds(5));
  EXPECT_EQ(WriteThrottle::Pause(100, 100, 10), absl::Milliseconds(10));
}

TEST(WriteThrottleTest, RowsCountAsOftenAsTheyHaveVectors) {
  PerSpace<int> dimensions;
  dimensions[Space::kSimilar] = 2;
  dimensions[Space::kCopy] = 1;
  std::vector<AtomicWrite> writes = Writes(Mutation::Kind::kPut);
  writes.front().mutations.front().vectors[Space::kSimilar] = {1, 0, 0, 1};
  writes.front().mutations.front().vectors[Space::kCopy] = {1, 1, 1};
  EXPECT_EQ(WriteThrottle::NewRows(writes, dimensions), 3U);
  writes.front().mutations.emplace_back().kind = Mutation::Kind::kPatch;
  writes.front().mutations.emplace_back().kind = Mutation::Kind::kDelete;
  EXPECT_EQ(WriteThrottle::NewRows(writes, dimensions), 4U);
}

TEST(WriteThrottleTest, WritersWaitAtTheLimitUntilThereIsRoom) {
  int looks = 0;
  const WriteThrottle throttle(
      kMaxRows, {}, [&looks]() -> WriteThrottle::Backlog {
        return {++looks < 4 ? kMaxRows : 0, absl::OkStatus()};
      });
  int asked = 0;
  EXPECT_OK(throttle.Admit(Writes(Mutation::Kind::kPut), [&asked] {
    ++asked;
    return absl::OkStatus();
  }));
  EXPECT_EQ(looks, 4);
  EXPECT_EQ(asked, 3);
}

TEST(WriteThrottleTest, AWaitEndsWhenTheWriteIsNoLongerWanted) {
  const WriteThrottle throttle(kMaxRows, {}, []() -> WriteThrottle::Backlog {
    return {kMaxRows, absl::OkStatus()};
  });
  for (const auto kind : {Mutation::Kind::kPut, Mutation::Kind::kPatch}) {
    EXPECT_THAT(throttle.Admit(Writes(kind), kImpatient),
                HasCode(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_OK(throttle.Admit(Writes(Mutation::Kind::kDelete), kImpatient));
}

TEST(WriteThrottleTest, WhereBuildingFailsWritersAreToldWhy) {
  const WriteThrottle full(kMaxRows, {}, []() -> WriteThrottle::Backlog {
    return {kMaxRows, absl::ResourceExhaustedError("no room on the disk")};
  });
  const absl::Status refused =
      full.Admit(Writes(Mutation::Kind::kPut), nullptr);
  EXPECT_THAT(refused, Fails(absl::StatusCode::kUnavailable, "no room on"));
  EXPECT_THAT(refused, HasReason(kReasonIndexBehind));
  const WriteThrottle room(kMaxRows, {}, []() -> WriteThrottle::Backlog {
    return {10, absl::ResourceExhaustedError("no room on the disk")};
  });
  EXPECT_OK(room.Admit(Writes(Mutation::Kind::kPut), kImpatient));
}

}  // namespace
}  // namespace likeness
