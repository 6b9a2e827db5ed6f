// Searches and writes while a collection goes from one model to another and
// back.
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/fakes/turned_embedder.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/server/served_model_change.h"

namespace likeness {
namespace {

using testing::FakeEmbedder;
using testing::PictureSearch;
using testing::TurnedEmbedder;

constexpr int kWriters = 2;
constexpr int kSearchers = 2;
constexpr int kSwitches = 8;
constexpr int kWritesBetween = 12;
constexpr float kSame = 0.9999F;

// An embedder that holds its first picture until it is let go.
class HeldEmbedder final : public FakeEmbedder {
 public:
  struct Hold {
    absl::Notification entered;
    absl::Notification go_on;
  };
  HeldEmbedder(std::string id, std::shared_ptr<Hold> hold)
      : FakeEmbedder(std::move(id)), hold_(std::move(hold)) {}

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override {
    if (!hold_->entered.HasBeenNotified()) hold_->entered.Notify();
    hold_->go_on.WaitForNotification();
    return FakeEmbedder::Embed(batch);
  }

 private:
  const std::shared_ptr<Hold> hold_;
};

class ModelSwitchTest : public testing::ServedModelChange {
 protected:
  // What a writer was told that is there: ids and their pictures.
  using Acknowledged = std::map<std::string, int>;

  void SetUp() override {
    Serve(/*with_next=*/true);
    Fill();
    // Those of the writers, so that the others are found first.
    for (int i = kPictures; i < 2 * kPictures; ++i) {
      ASSERT_OK(WriteFileDurably(Path(i), Picture(i)));
    }
  }

  void Put(const std::string& id, int picture, Acknowledged& there) {
    ASSERT_OK(client().Call(UpsertOf(id, picture)));
    there[id] = picture;
  }

  void PutBatch(const std::string& prefix, int picture, Acknowledged& there) {
    v1::UpsertItemsRequest batch;
    batch.set_collection("c");
    for (int i = 0; i < 3; ++i) {
      *batch.add_requests() = UpsertOf(absl::StrCat(prefix, "/", i), picture);
    }
    ASSERT_OK_AND_ASSIGN(const auto answer, client().Call(batch));
    ASSERT_EQ(answer.results_size(), 3);
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(answer.results(i).has_done())
          << answer.results(i).error().message();
      there[absl::StrCat(prefix, "/", i)] = picture;
    }
  }

  void Patch(const std::string& id) {
    v1::UpdateItemMetadataRequest patch;
    patch.set_collection("c");
    patch.set_id(id);
    (*patch.mutable_set())["seen"].set_bool_value(true);
    EXPECT_OK(client().Call(patch));
  }

  void Delete(const std::string& id, Acknowledged& there) {
    v1::DeleteItemRequest drop;
    drop.set_collection("c");
    drop.set_id(id);
    EXPECT_OK(client().Call(drop));
    there.erase(id);
  }

  // Writes until told to stop. `done` counts.
  void Write(int writer, Acknowledged& there) {
    std::mt19937 random(static_cast<uint32_t>(writer));
    for (int i = 0; !Stopped(); ++i) {
      const int picture = kPictures + static_cast<int>(random() % kPictures);
      const std::string id = absl::StrCat("w", writer, "/", random() % 20);
      switch (random() % 5) {
        case 0:
          PutBatch(id, picture, there);
          break;
        case 1:
          if (there.contains(id)) Delete(id, there);
          break;
        case 2:
          if (there.contains(id)) Patch(id);
          break;
        default:
          Put(id, picture, there);
      }
      absl::MutexLock lock(&mutex_);
      ++writes_;
    }
  }

  void Search(int first) {
    for (int i = first; !Stopped(); i = (i + 1) % kPictures) {
      ASSERT_OK_AND_ASSIGN(const auto found,
                           client().Call(PictureSearch("c", Picture(i), 1)));
      EXPECT_TRUE(found.model_id() == old_id_ || found.model_id() == next_id_);
      ASSERT_EQ(found.hits_size(), 1);
      EXPECT_EQ(found.hits(0).item().id(), absl::StrCat(i));
      EXPECT_GT(found.hits(0).similarity(), kSame);
    }
  }

  // Returns after some more writes.
  void AwaitWrites() {
    absl::MutexLock lock(&mutex_);
    enough_ = writes_ + kWritesBetween;
    mutex_.Await(absl::Condition(this, &ModelSwitchTest::HasEnough));
  }

  bool HasEnough() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return writes_ >= enough_;
  }

  bool Stopped() {
    absl::MutexLock lock(&mutex_);
    return stop_;
  }

  void Stop() {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }

  // Exactly the items of `there` are found by their pictures.
  void ExpectHolds(const Acknowledged& there) {
    for (int picture = kPictures; picture < 2 * kPictures; ++picture) {
      v1::SearchRequest search = PictureSearch("c", Picture(picture), 1000);
      search.set_min_similarity(kSame);
      ASSERT_OK_AND_ASSIGN(const auto found, client().Call(search));
      std::set<std::string> ids;
      for (const v1::Hit& hit : found.hits()) ids.insert(hit.item().id());
      std::set<std::string> expected;
      for (const auto& [id, of] : there) {
        if (of == picture) expected.insert(id);
      }
      EXPECT_EQ(ids, expected);
    }
  }

  absl::Mutex mutex_;
  int writes_ ABSL_GUARDED_BY(mutex_) = 0;
  int enough_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
};

TEST_F(ModelSwitchTest, NoCallMixesTheModelsOrFailsAndNoWriteIsLost) {
  std::vector<Acknowledged> there(kWriters);
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&, i] { Write(i, there[static_cast<size_t>(i)]); });
  }
  for (int i = 0; i < kSearchers; ++i) {
    threads.emplace_back([&, i] { Search(i); });
  }
  AwaitWrites();
  EXPECT_OK(Start());
  for (int i = 0; i < kSwitches; ++i) {
    AwaitWrites();
    const auto change = i % 2 == 0 ? Switch() : RollBack();
    EXPECT_OK(change);
    EXPECT_EQ(change.ok() ? change->current().unembedded_count() : -1, 0);
  }
  AwaitWrites();
  Stop();
  for (std::thread& thread : threads) thread.join();
  Acknowledged all;
  for (Acknowledged& of_one : there) all.merge(of_one);
  EXPECT_EQ(Described().model_id(), old_id_);
  ExpectHolds(all);
  EXPECT_OK(Switch());
  EXPECT_EQ(Described().item_count(),
            static_cast<int64_t>(kPictures + all.size()));
  ExpectHolds(all);
  ExpectFindsAll(next_id_);
  EXPECT_OK(Finish());
}

TEST_F(ModelSwitchTest, AWriteUnderWayIsMadeForTheModelAfterTheSwitch) {
  auto hold = std::make_shared<HeldEmbedder::Hold>();
  Serve(std::make_unique<HeldEmbedder>(old_id_, hold),
        std::make_unique<TurnedEmbedder>(next_id_));
  ASSERT_OK(Start());
  std::thread one([&] { EXPECT_OK(client().Call(UpsertOf("one", 3))); });
  hold->entered.WaitForNotification();
  EXPECT_OK(Switch());
  hold->go_on.Notify();
  one.join();
  ASSERT_OK_AND_ASSIGN(const auto found,
                       client().Call(PictureSearch("c", Picture(3), 2)));
  ASSERT_EQ(found.hits_size(), 2);
  EXPECT_NEAR(found.hits(1).similarity(), 1, 1e-4);
  EXPECT_EQ(Described().last_op_id(), uint64_t{kPictures} + 1);
}

TEST_F(ModelSwitchTest, ASearchUnderWayEndsAsItBegan) {
  auto hold = std::make_shared<HeldEmbedder::Hold>();
  Serve(std::make_unique<HeldEmbedder>(old_id_, hold),
        std::make_unique<TurnedEmbedder>(next_id_));
  ASSERT_OK(Start());
  std::thread search([&] {
    ASSERT_OK_AND_ASSIGN(const auto found,
                         client().Call(PictureSearch("c", Picture(3), 1)));
    EXPECT_EQ(found.model_id(), old_id_);
    ASSERT_EQ(found.hits_size(), 1);
    EXPECT_NEAR(found.hits(0).similarity(), 1, 1e-4);
  });
  hold->entered.WaitForNotification();
  EXPECT_OK(Switch());
  EXPECT_OK(Finish());
  hold->go_on.Notify();
  search.join();
}

}  // namespace
}  // namespace likeness
