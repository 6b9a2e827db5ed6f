#include "engine/collection/write_gate.h"

#include <thread>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;

TEST(WriteGateTest, AnOpenOneLetsThroughWithoutAsking) {
  const WriteGate gate;
  EXPECT_OK(gate.Pass([] { return absl::CancelledError("asked"); }));
  EXPECT_OK(gate.Pass(nullptr));
}

TEST(WriteGateTest, AClosedOneHoldsUpUntilAllWhoClosedItOpenIt) {
  WriteGate gate;
  gate.Close();
  gate.Close();
  absl::Notification asked;
  std::thread writer([&] {
    EXPECT_OK(gate.Pass([&asked] {
      if (!asked.HasBeenNotified()) asked.Notify();
      return absl::OkStatus();
    }));
  });
  asked.WaitForNotification();
  gate.Open();
  EXPECT_THAT(gate.Pass([] { return absl::CancelledError("gone"); }),
              HasCode(absl::StatusCode::kCancelled));
  gate.Open();
  writer.join();
}

}  // namespace
}  // namespace likeness
