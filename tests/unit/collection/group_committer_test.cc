#include "engine/collection/group_committer.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;

std::vector<Mutation> OneMutation(const std::string& id) {
  std::vector<Mutation> mutations(1);
  mutations[0].item.id = id;
  return mutations;
}

// Numbers mutations; its first commit waits until it is let go.
class Recorder {
 public:
  absl::StatusOr<std::vector<Applied>> Commit(
      absl::Span<const Mutation> mutations) {
    if (groups_.empty()) {
      started_.Notify();
      released_.WaitForNotification();
    }
    std::vector<Applied> applied;
    groups_.emplace_back();
    for (const Mutation& mutation : mutations) {
      groups_.back().push_back(mutation.item.id);
      applied.push_back({++last_, std::nullopt});
    }
    if (groups_.back().front() == "poison") {
      return absl::ResourceExhaustedError("disk full");
    }
    return applied;
  }

  void WaitForFirst() { started_.WaitForNotification(); }
  void Release() { released_.Notify(); }
  const std::vector<std::vector<std::string>>& groups() const {
    return groups_;
  }

 private:
  absl::Notification started_;
  absl::Notification released_;
  std::vector<std::vector<std::string>> groups_;
  uint64_t last_ = 0;
};

TEST(GroupCommitterTest, EveryoneGetsTheIdsOfTheirOwnMutations) {
  Recorder recorder;
  recorder.Release();
  GroupCommitter committer(
      [&](absl::Span<const Mutation> group) { return recorder.Commit(group); },
      1 << 20);
  absl::Mutex mutex;
  std::vector<bool> seen(401);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string id = absl::StrCat(t, "/", i);
        ASSERT_OK_AND_ASSIGN(const auto ops, committer.Commit(OneMutation(id)));
        ASSERT_EQ(ops.size(), 1U);
        absl::MutexLock lock(&mutex);
        ASSERT_FALSE(seen[ops[0]]);
        seen[ops[0]] = true;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(seen.begin(), seen.end(), true), 400);
  EXPECT_EQ(committer.groups(), recorder.groups().size());
}

// While the first write commits, others queue; they then share commits. How
// many of them have queued by the time it is let go is up to the scheduler, so
// only what must hold in every case is asked.
TEST(GroupCommitterTest, WritesThatWaitShareACommit) {
  constexpr int kWriters = 16;
  Recorder recorder;
  GroupCommitter committer(
      [&](absl::Span<const Mutation> group) { return recorder.Commit(group); },
      1 << 20);
  std::vector<std::thread> threads;
  threads.emplace_back([&] { ASSERT_OK(committer.Commit(OneMutation("a"))); });
  recorder.WaitForFirst();
  for (int t = 0; t < kWriters; ++t) {
    threads.emplace_back(
        [&] { ASSERT_OK(committer.Commit(OneMutation("b"))); });
  }
  while (committer.waiting() < kWriters + 1) std::this_thread::yield();
  recorder.Release();
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(committer.groups(), 2U);
  EXPECT_EQ(recorder.groups()[1].size(), static_cast<size_t>(kWriters));
}

TEST(GroupCommitterTest, AGroupIsBounded) {
  Recorder recorder;
  GroupCommitter committer(
      [&](absl::Span<const Mutation> group) { return recorder.Commit(group); },
      3);
  std::vector<std::thread> threads;
  threads.emplace_back([&] { ASSERT_OK(committer.Commit(OneMutation("a"))); });
  recorder.WaitForFirst();
  threads.emplace_back(
      [&] { ASSERT_OK(committer.Commit(OneMutation("larger than all"))); });
  for (int t = 0; t < 5; ++t) {
    threads.emplace_back(
        [&] { ASSERT_OK(committer.Commit(OneMutation("b"))); });
  }
  while (committer.waiting() < 7) std::this_thread::yield();
  recorder.Release();
  for (std::thread& thread : threads) thread.join();
  for (const auto& group : recorder.groups()) {
    EXPECT_TRUE(group.size() <= 3U);
    if (group.size() > 1) {
      EXPECT_EQ(std::count(group.begin(), group.end(), "larger than all"), 0);
    }
  }
}

TEST(GroupCommitterTest, AnErrorIsThatOfItsGroupAlone) {
  Recorder recorder;
  recorder.Release();
  GroupCommitter committer(
      [&](absl::Span<const Mutation> group) { return recorder.Commit(group); },
      1 << 20);
  EXPECT_THAT(committer.Commit(OneMutation("poison")),
              HasCode(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(committer.Commit(OneMutation("fine")));
}

}  // namespace
}  // namespace likeness
