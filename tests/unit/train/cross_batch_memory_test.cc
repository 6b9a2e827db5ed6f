#include "engine/train/cross_batch_memory.h"

#include <ATen/ATen.h>

#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/train/loss_inputs.h"

namespace likeness {
namespace {

using testing::Fails;
using testing::Integers;

// Rows {first, -first}, {first + 1, ...}: their labels are `first` and up,
// their instances ten times that.
void AddRows(CrossBatchMemory& memory, int64_t first, int64_t count) {
  const at::Tensor labels = at::arange(first, first + count, at::kLong);
  const at::Tensor column = labels.to(at::kFloat);
  memory.Add(at::stack({column, -column}, 1).requires_grad_(),
             {labels, labels * 10});
}

// The labels held, after a check that all three belong together.
std::vector<int64_t> Held(const CrossBatchMemory& memory) {
  const at::Tensor labels = memory.keys().labels;
  EXPECT_EQ(labels.size(0), memory.size());
  EXPECT_TRUE(memory.keys().instances.equal(labels * 10));
  const at::Tensor column = labels.to(at::kFloat);
  EXPECT_TRUE(memory.embeddings().equal(at::stack({column, -column}, 1)));
  const int64_t* const begin = labels.const_data_ptr<int64_t>();
  return {begin, begin + labels.size(0)};
}

TEST(CrossBatchMemoryTest, TheOldestRowsMakeRoom) {
  CrossBatchMemory memory(5, 0);
  AddRows(memory, 0, 3);
  EXPECT_EQ(Held(memory), std::vector<int64_t>({0, 1, 2}));
  AddRows(memory, 3, 3);
  EXPECT_EQ(Held(memory), std::vector<int64_t>({5, 1, 2, 3, 4}));
  AddRows(memory, 6, 4);
  EXPECT_EQ(Held(memory), std::vector<int64_t>({5, 6, 7, 8, 9}));
  AddRows(memory, 10, 1);
  EXPECT_EQ(Held(memory), std::vector<int64_t>({10, 6, 7, 8, 9}));
}

TEST(CrossBatchMemoryTest, OfALargeBatchTheLastRowsStay) {
  CrossBatchMemory memory(2, 0);
  AddRows(memory, 0, 1);
  AddRows(memory, 1, 5);
  EXPECT_EQ(Held(memory), std::vector<int64_t>({5, 4}));
  AddRows(memory, 6, 1);
  EXPECT_EQ(Held(memory), std::vector<int64_t>({5, 6}));
}

TEST(CrossBatchMemoryTest, ForgetsTheBatchesOfTheWarmUp) {
  CrossBatchMemory memory(4, 2);
  AddRows(memory, 0, 2);
  AddRows(memory, 2, 2);
  EXPECT_EQ(memory.size(), 0);
  EXPECT_FALSE(memory.embeddings().defined());
  EXPECT_FALSE(memory.keys().labels.defined());
  AddRows(memory, 4, 2);
  EXPECT_EQ(Held(memory), std::vector<int64_t>({4, 5}));
}

TEST(CrossBatchMemoryTest, HoldsNothingWithoutCapacity) {
  CrossBatchMemory memory(0, 0);
  AddRows(memory, 0, 2);
  EXPECT_EQ(memory.size(), 0);
  ASSERT_OK(CrossBatchMemory(0, 0).Restore(memory.State()));
}

TEST(CrossBatchMemoryTest, ReferencesAreTheBatchAndThenTheMemory) {
  CrossBatchMemory memory(3, 0);
  const at::Tensor batch = at::ones({2, 2}).requires_grad_();
  EXPECT_TRUE(memory.ReferencesFor(batch).equal(batch));
  AddRows(memory, 0, 3);
  const at::Tensor references = memory.ReferencesFor(batch);
  EXPECT_TRUE(references.equal(at::cat({batch, memory.embeddings()})));
  references.sum().backward();
  EXPECT_TRUE(batch.grad().equal(at::ones({2, 2})));
  EXPECT_FALSE(memory.embeddings().requires_grad());
}

TEST(CrossBatchMemoryTest, GoesOnFromItsStateAsIfNothingHadHappened) {
  CrossBatchMemory first(5, 1);
  for (int64_t batch = 0; batch < 4; ++batch) AddRows(first, 3 * batch, 3);
  CrossBatchMemory second(5, 1);
  ASSERT_OK(second.Restore(first.State()));
  EXPECT_EQ(Held(second), Held(first));
  AddRows(first, 50, 2);
  AddRows(second, 50, 2);
  EXPECT_EQ(Held(second), Held(first));

  CrossBatchMemory warming(5, 3);
  AddRows(warming, 0, 3);
  CrossBatchMemory warmed(5, 3);
  ASSERT_OK(warmed.Restore(warming.State()));
  AddRows(warmed, 0, 3);
  AddRows(warmed, 0, 3);
  EXPECT_EQ(warmed.size(), 0);
  AddRows(warmed, 0, 3);
  EXPECT_EQ(warmed.size(), 3);
}

TEST(CrossBatchMemoryTest, RefusesTheStateOfAnotherMemory) {
  CrossBatchMemory larger(6, 0);
  AddRows(larger, 0, 3);
  CrossBatchMemory memory(5, 0);
  AddRows(memory, 0, 4);
  EXPECT_THAT(memory.Restore(larger.State()),
              Fails(absl::StatusCode::kDataLoss, "\"embeddings\" is Float"));
  AddRows(larger, 3, 3);
  EXPECT_THAT(memory.Restore(larger.State()),
              Fails(absl::StatusCode::kDataLoss, "capacity of 5"));
  EXPECT_THAT(memory.Restore({}),
              Fails(absl::StatusCode::kDataLoss, "no \"batches\""));
  EXPECT_EQ(Held(memory), std::vector<int64_t>({0, 1, 2, 3}));
}

}  // namespace
}  // namespace likeness
