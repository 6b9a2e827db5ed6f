#include "tools/stop_signals.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

// Each runs in a process of its own, since it blocks and gets signals.
class StopSignalsDeathTest : public ::testing::Test {
 protected:
  StopSignalsDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// Sends itself `first` and, in the same moment, `repeat` (0: none); exits with
// the number of the signal that was heard.
[[noreturn]] void ExitAfter(int first, int repeat) {
  absl::Notification stopped;
  int number = 0;
  const auto signals = StopSignals::Catch([&](int signal) {
    if (repeat != 0) kill(getpid(), repeat);
    number = signal;
    stopped.Notify();
  });
  if (!signals.ok()) std::_Exit(EXIT_FAILURE);
  kill(getpid(), first);
  stopped.WaitForNotification();
  std::_Exit(number);
}

// Sends itself `first`, and then `again` until that kills.
[[noreturn]] void DieOf(int first, int again, absl::Duration repeats) {
  absl::Notification stopped;
  const auto signals =
      StopSignals::Catch([&stopped](int) { stopped.Notify(); }, repeats);
  if (!signals.ok()) std::_Exit(EXIT_FAILURE);
  kill(getpid(), first);
  stopped.WaitForNotification();
  while (true) kill(getpid(), again);
}

TEST_F(StopSignalsDeathTest, TheFirstSignalIsACall) {
  EXPECT_EXIT(ExitAfter(SIGINT, 0), ::testing::ExitedWithCode(SIGINT), "");
  EXPECT_EXIT(ExitAfter(SIGTERM, 0), ::testing::ExitedWithCode(SIGTERM), "");
}

TEST_F(StopSignalsDeathTest, ARepeatInTheSameMomentIsTheSameStop) {
  EXPECT_EXIT(ExitAfter(SIGTERM, SIGTERM), ::testing::ExitedWithCode(SIGTERM),
              "");
  EXPECT_EXIT(ExitAfter(SIGINT, SIGTERM), ::testing::ExitedWithCode(SIGINT),
              "");
}

TEST_F(StopSignalsDeathTest, AnotherSignalAfterThatKillsAtOnce) {
  EXPECT_EXIT(DieOf(SIGINT, SIGINT, absl::ZeroDuration()),
              ::testing::KilledBySignal(SIGINT), "");
  const absl::Time begin = absl::Now();
  EXPECT_EXIT(DieOf(SIGINT, SIGTERM, absl::Milliseconds(200)),
              ::testing::KilledBySignal(SIGTERM), "");
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(200));
}

TEST_F(StopSignalsDeathTest, NoSignalIsNoCall) {
  EXPECT_EXIT(
      {
        {
          const auto signals = StopSignals::Catch([](int) { std::abort(); });
        }
        std::_Exit(EXIT_SUCCESS);
      },
      ::testing::ExitedWithCode(EXIT_SUCCESS), "");
}

}  // namespace
}  // namespace likeness
