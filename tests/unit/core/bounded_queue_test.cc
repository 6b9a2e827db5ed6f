#include "engine/core/bounded_queue.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace likeness {
namespace {

TEST(BoundedQueueTest, KeepsOrderAndDrainsAfterClose) {
  BoundedQueue<std::unique_ptr<int>> queue(3);
  EXPECT_TRUE(queue.Push(std::make_unique<int>(1)));
  EXPECT_TRUE(queue.Push(std::make_unique<int>(2)));
  queue.Close();
  EXPECT_FALSE(queue.Push(std::make_unique<int>(3)));
  EXPECT_EQ(*queue.Pop().value(), 1);
  EXPECT_EQ(*queue.TryPop().value(), 2);
  EXPECT_FALSE(queue.Pop().has_value());
  EXPECT_FALSE(queue.TryPop().has_value());
}

TEST(BoundedQueueTest, NeverHoldsMoreThanItsCapacityAndLosesNothing) {
  constexpr int kProducers = 3;
  constexpr int kConsumers = 3;
  constexpr int kEach = 5000;
  constexpr int kCapacity = 4;
  BoundedQueue<int> queue(kCapacity);
  std::atomic<int> pushed{0};
  std::atomic<int> popped{0};
  std::atomic<int64_t> sum{0};
  std::atomic<bool> overfull{false};

  std::vector<std::thread> consumers;
  for (int i = 0; i < kConsumers; ++i) {
    consumers.emplace_back([&] {
      while (const auto value = queue.Pop()) {
        sum += *value;
        ++popped;
      }
    });
  }
  std::vector<std::thread> producers;
  for (int i = 0; i < kProducers; ++i) {
    producers.emplace_back([&] {
      for (int value = 1; value <= kEach; ++value) {
        if (!queue.Push(value)) return;
        // Read `popped` last: it can only have grown since the push, so the
        // difference never exceeds what was inside plus the popped but not yet
        // counted ones.
        const int in = ++pushed;
        if (in - popped > kCapacity + kConsumers) overfull = true;
      }
    });
  }
  for (std::thread& thread : producers) thread.join();
  queue.Close();
  for (std::thread& thread : consumers) thread.join();
  EXPECT_EQ(popped, kProducers * kEach);
  EXPECT_EQ(sum, int64_t{kProducers} * kEach * (kEach + 1) / 2);
  EXPECT_FALSE(overfull);
}

TEST(BoundedQueueTest, CloseWakesAProducerThatWaitsForRoom) {
  BoundedQueue<int> queue(1);
  ASSERT_TRUE(queue.Push(1));
  bool accepted = true;
  std::thread producer([&] { accepted = queue.Push(2); });
  queue.Close();
  producer.join();
  EXPECT_FALSE(accepted);
}

}  // namespace
}  // namespace likeness
