#include "tools/stop_signals.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

// Each runs in a process of its own, since it blocks and gets signals.
class StopSignalsDeathTest : public testing::Test {
 protected:
  StopSignalsDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// Exits with the first signal's number, unless a later one kills.
[[noreturn]] void GetSignals(int first, int second) {
  absl::Notification stopped;
  int number = 0;
  const auto signals = StopSignals::Catch([&](int signal) {
    if (second != 0) kill(getpid(), second);
    number = signal;
    stopped.Notify();
  });
  if (!signals.ok()) std::_Exit(EXIT_FAILURE);
  kill(getpid(), first);
  stopped.WaitForNotification();
  std::_Exit(number);
}

TEST_F(StopSignalsDeathTest, TheFirstSignalIsACall) {
  EXPECT_EXIT(GetSignals(SIGINT, 0), testing::ExitedWithCode(SIGINT), "");
  EXPECT_EXIT(GetSignals(SIGTERM, 0), testing::ExitedWithCode(SIGTERM), "");
}

TEST_F(StopSignalsDeathTest, TheSecondSignalKillsAtOnce) {
  EXPECT_EXIT(GetSignals(SIGINT, SIGINT), testing::KilledBySignal(SIGINT), "");
  EXPECT_EXIT(GetSignals(SIGINT, SIGTERM), testing::KilledBySignal(SIGTERM),
              "");
}

TEST_F(StopSignalsDeathTest, NoSignalIsNoCall) {
  EXPECT_EXIT(
      {
        {
          const auto signals = StopSignals::Catch([](int) { std::abort(); });
        }
        std::_Exit(EXIT_SUCCESS);
      },
      testing::ExitedWithCode(EXIT_SUCCESS), "");
}

}  // namespace
}  // namespace likeness
