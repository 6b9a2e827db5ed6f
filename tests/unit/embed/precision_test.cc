#include "engine/embed/precision.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "engine/core/distance.h"
#include "gtest/gtest.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::Fails;
using testing::FakeEmbedder;
using testing::kFakeInputSide;

// `vector`, turned so that its cosine to what it was is `cosine`.
void Turn(std::vector<float>& vector, float cosine) {
  // A direction at a right angle to it.
  std::vector<float> other(vector.size(), -vector.front());
  other.front() = std::accumulate(vector.begin() + 1, vector.end(), 0.0F);
  const float norm = std::sqrt(
      std::inner_product(other.begin(), other.end(), other.begin(), 0.0F));
  for (size_t i = 0; i < vector.size(); ++i) {
    vector[i] =
        cosine * vector[i] + std::sqrt(1 - cosine * cosine) * other[i] / norm;
  }
}

// The fake's vectors, one of them (of the last picture of a batch) turned.
class OffEmbedder : public Embedder {
 public:
  OffEmbedder(Space space, float cosine) : space_(space), cosine_(cosine) {}

  const ModelInfo& model() const override { return fake_.model(); }

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override {
    auto embeddings = fake_.Embed(batch);
    if (embeddings.ok()) Turn(embeddings->back().vectors[space_], cosine_);
    return embeddings;
  }

 private:
  const FakeEmbedder fake_;
  const Space space_;
  const float cosine_;
};

// Vectors of one number, or an error.
class OddEmbedder : public Embedder {
 public:
  explicit OddEmbedder(absl::Status status) : status_(std::move(status)) {}

  const ModelInfo& model() const override { return fake_.model(); }

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override {
    if (!status_.ok()) return status_;
    Embedding embedding;
    for (const Space space : kAllSpaces) embedding.vectors[space] = {1.0F};
    return std::vector<Embedding>(batch.size(), embedding);
  }

 private:
  const FakeEmbedder fake_;
  const absl::Status status_;
};

TEST(AgreeTest, AnEmbedderAgreesWithItself) {
  const FakeEmbedder fake;
  EXPECT_TRUE(Agree(fake, fake));
  ASSERT_OK_AND_ASSIGN(const float cosine, SmallestProbeCosine(fake, fake));
  EXPECT_NEAR(cosine, 1, 1e-6);
}

TEST(AgreeTest, OneVectorOfOnePictureInEitherSpaceDecides) {
  const FakeEmbedder fake;
  for (const Space space : kAllSpaces) {
    const OffEmbedder above(space, 0.9992F);
    const OffEmbedder below(space, 0.9988F);
    ASSERT_OK_AND_ASSIGN(const float cosine, SmallestProbeCosine(fake, below));
    EXPECT_NEAR(cosine, 0.9988F, 2e-5) << SpaceName(space);
    EXPECT_TRUE(Agree(fake, above)) << SpaceName(space);
    EXPECT_FALSE(Agree(fake, below)) << SpaceName(space);
    EXPECT_FALSE(Agree(below, fake)) << SpaceName(space);
  }
}

TEST(AgreeTest, NothingAgreesWithErrorsOtherLengthsOrNan) {
  const FakeEmbedder fake;
  EXPECT_FALSE(Agree(fake, OddEmbedder(absl::InternalError("broken"))));
  EXPECT_THAT(SmallestProbeCosine(fake, OddEmbedder(absl::OkStatus())),
              Fails(absl::StatusCode::kInternal, "vectors of 49 and 1"));
  EXPECT_FALSE(Agree(fake, OddEmbedder(absl::OkStatus())));
  EXPECT_FALSE(Agree(fake, OffEmbedder(Space::kCopy, NAN)));
}

TEST(FastIfProvenTest, TakesTheFastOneOnlyWhenItIsThereAndAgrees) {
  const auto chosen = [](absl::StatusOr<std::unique_ptr<Embedder>> fast) {
    auto exact = std::make_unique<FakeEmbedder>();
    const Embedder* const raw = exact.get();
    return FastIfProven(std::move(exact), std::move(fast)).get() == raw
               ? "exact"
               : "fast";
  };
  EXPECT_STREQ(chosen(std::make_unique<OffEmbedder>(Space::kCopy, 0.9995F)),
               "fast");
  EXPECT_STREQ(chosen(std::make_unique<OffEmbedder>(Space::kCopy, 0.998F)),
               "exact");
  EXPECT_STREQ(chosen(absl::InternalError("no such instruction")), "exact");
}

TEST(ProbePicturesTest, AreTheSameEveryTimeAndUnlikeEachOther) {
  const auto probes = ProbePictures(kFakeInputSide);
  const auto again = ProbePictures(kFakeInputSide);
  ASSERT_EQ(probes.size(), 8U);
  ASSERT_OK_AND_ASSIGN(const auto embeddings, FakeEmbedder().Embed(probes));
  for (size_t i = 0; i < probes.size(); ++i) {
    EXPECT_EQ(probes[i].pixels.bytes(), again[i].pixels.bytes()) << i;
    for (size_t j = 0; j < i; ++j) {
      EXPECT_LT(CosineSimilarity(embeddings[i].vectors[Space::kSimilar],
                                 embeddings[j].vectors[Space::kSimilar]),
                0.99F)
          << i << " and " << j;
    }
  }
}

}  // namespace
}  // namespace likeness
