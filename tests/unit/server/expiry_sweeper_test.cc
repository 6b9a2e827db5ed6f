#include "server/expiry_sweeper.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

class ExpirySweeperTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(set_, CollectionSet::Open(folder_.path(), true));
  }

  std::shared_ptr<Collection> Make(const std::string& name) {
    CollectionSpec spec;
    spec.name = name;
    spec.dimensions[Space::kSimilar] = 2;
    auto made = set_->Create(spec);
    EXPECT_OK(made);
    return *std::move(made);
  }

  static Mutation PutUntil(const std::string& id, absl::Time expires) {
    Mutation put;
    put.item.id = id;
    put.item.expires = expires;
    put.vectors[Space::kSimilar] = {1, 0};
    return put;
  }

  testing::TempDir folder_;
  std::unique_ptr<CollectionSet> set_;
};

TEST_F(ExpirySweeperTest, SweepsAllCollectionsHoweverMuchExpired) {
  const absl::Time then = absl::FromUnixSeconds(100);
  const auto many = Make("many");
  const auto one = Make("one");
  std::vector<Mutation> puts;
  for (int i = 0; i < 2 * kMaxItemsAtOnce + 1; ++i) {
    puts.push_back(PutUntil(absl::StrCat("item", i), then));
  }
  ASSERT_OK(many->Upsert(puts));
  ASSERT_OK(one->Upsert(
      {PutUntil("a", then), PutUntil("b", then + absl::Seconds(1))}));
  ASSERT_OK_AND_ASSIGN(uint64_t swept,
                       SweepAllExpired(*set_, then - absl::Microseconds(1)));
  EXPECT_EQ(swept, 0U);
  ASSERT_OK_AND_ASSIGN(swept, SweepAllExpired(*set_, then));
  EXPECT_EQ(swept, puts.size() + 1);
  EXPECT_EQ(many->size(), 0U);
  EXPECT_EQ(one->size(), 1U);
}

TEST_F(ExpirySweeperTest, EndsAfterTheBatchInWhichItIsToldTo) {
  const absl::Time then = absl::FromUnixSeconds(100);
  const auto collection = Make("many");
  std::vector<Mutation> puts;
  for (int i = 0; i < 3 * kMaxItemsAtOnce; ++i) {
    puts.push_back(PutUntil(absl::StrCat("item", i), then));
  }
  ASSERT_OK(collection->Upsert(puts));
  int asked = 0;
  ASSERT_OK_AND_ASSIGN(
      const uint64_t swept,
      SweepAllExpired(*set_, then, [&asked] { return ++asked > 2; }));
  EXPECT_EQ(swept, uint64_t{2 * kMaxItemsAtOnce});
  EXPECT_EQ(collection->size(), uint64_t{kMaxItemsAtOnce});
}

TEST_F(ExpirySweeperTest, TheThreadSweepsUntilItEnds) {
  const auto collection = Make("one");
  ASSERT_OK(collection->Upsert({PutUntil("a", absl::Now()),
                                PutUntil("b", absl::Now() + absl::Hours(1))}));
  {
    const ExpirySweeper sweeper(*set_, absl::Milliseconds(1));
    while (collection->size() > 1) std::this_thread::yield();
  }
  EXPECT_OK(collection->Get("b", {}));
}

}  // namespace
}  // namespace likeness
