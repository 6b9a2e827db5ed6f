#include "server/worker_pool.h"

#include <atomic>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(WorkerPoolTest, RunsTasksSideBySide) {
  WorkerPool pool(3, 8);
  // Each waits for the other two: with fewer threads none would pass.
  absl::Notification all_here;
  std::atomic<int> here = 0;
  absl::BlockingCounter done(3);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(pool.TrySubmit([&] {
      if (++here == 3) all_here.Notify();
      all_here.WaitForNotification();
      done.DecrementCount();
    }));
  }
  done.Wait();
}

TEST(WorkerPoolTest, RefusesWhatIsMoreThanMayWait) {
  absl::Notification started;
  absl::Notification release;
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(1, 2);
    ASSERT_TRUE(pool.TrySubmit([&] {
      started.Notify();
      release.WaitForNotification();
      ++ran;
    }));
    started.WaitForNotification();
    EXPECT_TRUE(pool.TrySubmit([&] { ++ran; }));
    EXPECT_TRUE(pool.TrySubmit([&] { ++ran; }));
    EXPECT_FALSE(pool.TrySubmit([&] { ++ran; }));
    release.Notify();
  }
  // The destructor finished what was accepted.
  EXPECT_EQ(ran, 3);
}

}  // namespace
}  // namespace likeness
