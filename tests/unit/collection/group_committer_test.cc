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

std::vector<AtomicWrite> OneWrite(const std::string& id) {
  std::vector<AtomicWrite> writes(1);
  writes[0].mutations.emplace_back().item.id = id;
  return writes;
}

// Numbers mutations, and refuses "poison"; its first commit waits until it is
// let go.
class Recorder {
 public:
  std::vector<WriteResult> Commit(const std::vector<AtomicWrite>& writes) {
    if (groups_.empty()) {
      started_.Notify();
      released_.WaitForNotification();
    }
    groups_.emplace_back();
    std::vector<WriteResult> results;
    for (const AtomicWrite& write : writes) results.push_back(Number(write));
    return results;
  }

  void WaitForFirst() { started_.WaitForNotification(); }
  void Release() { released_.Notify(); }
  const std::vector<std::vector<std::string>>& groups() const {
    return groups_;
  }

 private:
  WriteResult Number(const AtomicWrite& write) {
    std::vector<Outcome> outcomes;
    for (const Mutation& mutation : write.mutations) {
      groups_.back().push_back(mutation.item.id);
      if (mutation.item.id == "poison") {
        return absl::ResourceExhaustedError("disk full");
      }
      outcomes.push_back({Outcome::Change::kCreated, ++last_});
    }
    return outcomes;
  }

  absl::Notification started_;
  absl::Notification released_;
  std::vector<std::vector<std::string>> groups_;
  uint64_t last_ = 0;
};

TEST(GroupCommitterTest, EveryoneGetsTheIdsOfTheirOwnMutations) {
  Recorder recorder;
  recorder.Release();
  GroupCommitter committer(
      [&](const auto& writes) { return recorder.Commit(writes); }, 1 << 20);
  absl::Mutex mutex;
  std::vector<bool> seen(401);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string id = absl::StrCat(t, "/", i);
        const auto results = committer.Commit(OneWrite(id));
        ASSERT_EQ(results.size(), 1U);
        ASSERT_OK(results[0]);
        const uint64_t op_id = results[0]->front().op_id;
        absl::MutexLock lock(&mutex);
        ASSERT_FALSE(seen[op_id]);
        seen[op_id] = true;
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
      [&](const auto& writes) { return recorder.Commit(writes); }, 1 << 20);
  std::vector<std::thread> threads;
  threads.emplace_back(
      [&] { ASSERT_OK(committer.Commit(OneWrite("a")).front()); });
  recorder.WaitForFirst();
  for (int t = 0; t < kWriters; ++t) {
    threads.emplace_back(
        [&] { ASSERT_OK(committer.Commit(OneWrite("b")).front()); });
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
      [&](const auto& writes) { return recorder.Commit(writes); }, 3);
  std::vector<std::thread> threads;
  threads.emplace_back(
      [&] { ASSERT_OK(committer.Commit(OneWrite("a")).front()); });
  recorder.WaitForFirst();
  threads.emplace_back([&] {
    ASSERT_OK(committer.Commit(OneWrite("larger than all")).front());
  });
  for (int t = 0; t < 5; ++t) {
    threads.emplace_back(
        [&] { ASSERT_OK(committer.Commit(OneWrite("b")).front()); });
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

TEST(GroupCommitterTest, ARefusedWriteTouchesNoOther) {
  Recorder recorder;
  GroupCommitter committer(
      [&](const auto& writes) { return recorder.Commit(writes); }, 1 << 20);
  std::thread first(
      [&] { ASSERT_OK(committer.Commit(OneWrite("a")).front()); });
  recorder.WaitForFirst();
  std::thread poison([&] {
    std::vector<AtomicWrite> writes = OneWrite("poison");
    writes.push_back(OneWrite("beside").front());
    const auto results = committer.Commit(std::move(writes));
    ASSERT_EQ(results.size(), 2U);
    EXPECT_THAT(results[0], HasCode(absl::StatusCode::kResourceExhausted));
    EXPECT_OK(results[1]);
  });
  std::thread fine([&] { EXPECT_OK(committer.Commit(OneWrite("b")).front()); });
  while (committer.waiting() < 3) std::this_thread::yield();
  recorder.Release();
  for (std::thread* thread : {&first, &poison, &fine}) thread->join();
  EXPECT_EQ(committer.groups(), 2U);
}

}  // namespace
}  // namespace likeness
