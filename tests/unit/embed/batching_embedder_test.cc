#include "engine/embed/batching_embedder.h"

#include "gtest/gtest.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;

TEST(BatchingOptionsTest, NamesTheFieldOutOfRange) {
  EXPECT_OK(BatchingOptions().Validate());
  EXPECT_THAT(BatchingOptions{.workers = -1}.Validate(),
              BlamesField("workers"));
  EXPECT_THAT(BatchingOptions{.max_batch = 2000}.Validate(),
              BlamesField("max_batch"));
  EXPECT_THAT(BatchingOptions{.max_queued = 0}.Validate(),
              BlamesField("max_queued"));
}

TEST(BatchingEmbedderTest, AnEmptyBatchGivesAnEmptyAnswer) {
  ASSERT_OK_AND_ASSIGN(
      const auto embedder,
      MakeBatchingEmbedder(std::make_unique<testing::FakeEmbedder>(), {}));
  ASSERT_OK_AND_ASSIGN(const auto embeddings, embedder->Embed({}));
  EXPECT_TRUE(embeddings.empty());
}

}  // namespace
}  // namespace likeness
