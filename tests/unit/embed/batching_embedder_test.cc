#include "engine/embed/batching_embedder.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;
using testing::FakeEmbedder;
using testing::HasCode;
using testing::kFakeInputSide;

// A picture that is `value` all over. 255 is poison to the embedder below.
constexpr uint8_t kPoison = 255;
NetworkInput Picture(uint8_t value) {
  NetworkInput input{Image(kFakeInputSide, kFakeInputSide), {}};
  std::fill_n(input.pixels.data(), input.pixels.size_bytes(), value);
  input.hash.quality = value;  // Tells whose embedding it is.
  return input;
}

std::vector<NetworkInput> Pictures(int first, int count) {
  std::vector<NetworkInput> pictures;
  for (int i = 0; i < count; ++i) {
    pictures.push_back(Picture(static_cast<uint8_t>((first + i) % kPoison)));
  }
  return pictures;
}

// What the wrapped embedder saw, and a door that holds its calls.
struct Watch {
  absl::Mutex mutex;
  std::vector<size_t> batches ABSL_GUARDED_BY(mutex);
  int running ABSL_GUARDED_BY(mutex) = 0;
  bool open ABSL_GUARDED_BY(mutex) = true;

  void WaitUntilRunning(int count) {
    absl::MutexLock lock(&mutex);
    const auto reached = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex) {
      return running >= count;
    };
    mutex.Await(absl::Condition(&reached));
  }
  void SetOpen(bool value) {
    absl::MutexLock lock(&mutex);
    open = value;
  }
};

class WatchedEmbedder : public Embedder {
 public:
  explicit WatchedEmbedder(Watch& watch) : watch_(watch) {}

  const ModelInfo& model() const override { return fake_.model(); }

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override {
    {
      absl::MutexLock lock(&watch_.mutex);
      watch_.batches.push_back(batch.size());
      ++watch_.running;
      watch_.mutex.Await(absl::Condition(&watch_.open));
      --watch_.running;
    }
    for (const NetworkInput& input : batch) {
      if (input.pixels.data()[0] == kPoison) {
        return absl::InternalError("poisoned");
      }
    }
    return fake_.Embed(batch);
  }

 private:
  Watch& watch_;
  const FakeEmbedder fake_;
};

std::unique_ptr<Embedder> Make(Watch& watch, const BatchingOptions& options) {
  auto made =
      MakeBatchingEmbedder(std::make_unique<WatchedEmbedder>(watch), options);
  EXPECT_OK(made);
  return *std::move(made);
}

void ExpectEmbeddingsOf(const absl::StatusOr<std::vector<Embedding>>& answer,
                        absl::Span<const NetworkInput> pictures) {
  ASSERT_OK(answer);
  ASSERT_OK_AND_ASSIGN(const auto expected, FakeEmbedder().Embed(pictures));
  ASSERT_EQ(answer->size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ((*answer)[i].vectors, expected[i].vectors) << i;
    EXPECT_EQ((*answer)[i].hash, expected[i].hash) << i;
  }
}

TEST(BatchingOptionsTest, NamesTheFieldOutOfRange) {
  EXPECT_OK(BatchingOptions().Validate());
  EXPECT_THAT(BatchingOptions{.workers = -1}.Validate(),
              BlamesField("workers"));
  EXPECT_THAT(BatchingOptions{.max_batch = 2000}.Validate(),
              BlamesField("max_batch"));
  EXPECT_THAT(BatchingOptions{.max_queued = 0}.Validate(),
              BlamesField("max_queued"));
  EXPECT_THAT(
      MakeBatchingEmbedder(std::make_unique<FakeEmbedder>(), {.workers = 2000}),
      BlamesField("workers"));
}

TEST(BatchingEmbedderTest, AnEmptyBatchGivesAnEmptyAnswer) {
  Watch watch;
  ASSERT_OK_AND_ASSIGN(const auto embeddings, Make(watch, {})->Embed({}));
  EXPECT_TRUE(embeddings.empty());
}

TEST(BatchingEmbedderTest, ManyCallersEachGetTheirOwnInOrder) {
  Watch watch;
  const auto embedder =
      Make(watch, {.workers = 3, .max_batch = 4, .max_queued = 5});
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&, caller] {
      for (int round = 0; round < 20; ++round) {
        const auto pictures = Pictures(caller * 31 + round, round % 13);
        ExpectEmbeddingsOf(embedder->Embed(pictures), pictures);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  const absl::MutexLock lock(&watch.mutex);
  EXPECT_LE(*std::max_element(watch.batches.begin(), watch.batches.end()), 4U);
}

TEST(BatchingEmbedderTest, IdleWorkersShareABatch) {
  Watch watch;
  watch.SetOpen(false);
  const auto embedder = Make(watch, {.workers = 2, .max_batch = 16});
  const auto pictures = Pictures(0, 8);
  std::thread caller(
      [&] { ExpectEmbeddingsOf(embedder->Embed(pictures), pictures); });
  // Held at the door, both are at work on one caller's pictures.
  watch.WaitUntilRunning(2);
  watch.SetOpen(true);
  caller.join();
}

TEST(BatchingEmbedderTest, ABusyWorkerFillsItsNextBatchFromAllCallers) {
  Watch watch;
  watch.SetOpen(false);
  const auto embedder = Make(watch, {.workers = 1, .max_batch = 3});
  const auto first = Pictures(0, 1);
  const auto later = Pictures(50, 6);
  std::vector<std::thread> callers;
  callers.emplace_back(
      [&] { ExpectEmbeddingsOf(embedder->Embed(first), first); });
  watch.WaitUntilRunning(1);
  callers.emplace_back(
      [&] { ExpectEmbeddingsOf(embedder->Embed(later), later); });
  watch.SetOpen(true);
  for (std::thread& caller : callers) caller.join();
  const absl::MutexLock lock(&watch.mutex);
  EXPECT_EQ(watch.batches.front(), 1U);
  EXPECT_EQ(*std::max_element(watch.batches.begin(), watch.batches.end()), 3U);
}

TEST(BatchingEmbedderTest, AnErrorReachesOnlyTheCallerAtFault) {
  Watch watch;
  watch.SetOpen(false);
  const auto embedder = Make(watch, {.workers = 1, .max_batch = 8});
  const auto good = Pictures(10, 2);
  std::vector<NetworkInput> bad;
  bad.push_back(Picture(kPoison));
  const auto block = Pictures(0, 1);

  // While the worker is held, good and bad ones gather behind it.
  std::vector<std::thread> callers;
  callers.emplace_back(
      [&] { ExpectEmbeddingsOf(embedder->Embed(block), block); });
  watch.WaitUntilRunning(1);
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back(
        [&] { ExpectEmbeddingsOf(embedder->Embed(good), good); });
    callers.emplace_back([&] {
      EXPECT_THAT(embedder->Embed(bad),
                  Fails(absl::StatusCode::kInternal, "poisoned"));
    });
  }
  watch.SetOpen(true);
  for (std::thread& caller : callers) caller.join();
}

TEST(BatchingEmbedderTest, AWrongSizeIsRefusedBeforeItIsQueued) {
  Watch watch;
  const auto embedder = Make(watch, {.workers = 1});
  std::vector<NetworkInput> pictures = Pictures(0, 1);
  pictures.push_back({Image(kFakeInputSide, kFakeInputSide + 1), {}});
  EXPECT_THAT(embedder->Embed(pictures),
              Fails(absl::StatusCode::kInvalidArgument, "picture 1"));
  const absl::MutexLock lock(&watch.mutex);
  EXPECT_TRUE(watch.batches.empty());
}

TEST(BatchingEmbedderTest, ABatchBeyondTheQueueGoesThroughInPieces) {
  Watch watch;
  const auto embedder =
      Make(watch, {.workers = 2, .max_batch = 8, .max_queued = 3});
  const auto pictures = Pictures(0, 40);
  ExpectEmbeddingsOf(embedder->Embed(pictures), pictures);
  // The queue never held more than three, so neither did a batch.
  const absl::MutexLock lock(&watch.mutex);
  EXPECT_LE(*std::max_element(watch.batches.begin(), watch.batches.end()), 3U);
}

TEST(BatchingEmbedderTest, DestructionFinishesWhatWasAccepted) {
  Watch watch;
  watch.SetOpen(false);
  auto embedder =
      Make(watch, {.workers = 1, .max_batch = 1, .max_queued = 100});
  const auto pictures = Pictures(0, 12);
  std::thread caller([&, raw = embedder.get()] {
    ExpectEmbeddingsOf(raw->Embed(pictures), pictures);
  });
  watch.WaitUntilRunning(1);
  std::thread destroyer([&] { embedder.reset(); });
  watch.SetOpen(true);
  destroyer.join();
  {
    const absl::MutexLock lock(&watch.mutex);
    EXPECT_EQ(watch.batches.size(), 12U);
  }
  caller.join();
}

}  // namespace
}  // namespace likeness
