#include "server/recognition.h"

#include <cmath>
#include <utility>

#include "server/reasons.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;
using testing::FakeEmbedder;
using testing::HasReason;
using testing::PatchworkJpeg;

// Knows the `similar` space alone: .9 at .5 and .95 at .75.
Calibration Example() {
  Calibration calibration;
  calibration.method = "platt";
  calibration.slope = -10;
  calibration.intercept = 5;
  calibration.thresholds = {{.precision = 0.9, .similarity = 0.5F},
                            {.precision = 0.95, .similarity = 0.75F}};
  return calibration;
}

// The fake with a calibration.
class CalibratedEmbedder : public Embedder {
 public:
  CalibratedEmbedder() : model_(fake_.model()) {
    model_.calibration[Space::kSimilar] = Example();
  }
  const ModelInfo& model() const override { return model_; }
  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override {
    return fake_.Embed(batch);
  }

 private:
  const FakeEmbedder fake_;
  ModelInfo model_;
};

Embedding AtAngle(double degrees) {
  const double radians = degrees * M_PI / 180;
  Embedding embedding;
  for (const Space space : kAllSpaces) {
    embedding.vectors[space] = {static_cast<float>(std::cos(radians)),
                                static_cast<float>(std::sin(radians))};
  }
  return embedding;
}

TEST(CompareEmbeddingsTest, VerdictsAreThoseOfEachSpacesOwnCalibration) {
  ModelInfo model;
  model.calibration[Space::kSimilar] = Example();
  v1::CompareResponse response;
  CompareEmbeddings(AtAngle(0), AtAngle(60), model, response);
  ASSERT_EQ(response.comparisons_size(), 2);
  const v1::SpaceComparison& similar = response.comparisons(0);
  EXPECT_NEAR(similar.similarity(), 0.5, 1e-6);
  EXPECT_NEAR(similar.euclidean(), 1, 1e-6);
  EXPECT_NEAR(similar.probability(), 0.5, 1e-5);
  EXPECT_TRUE(similar.has_precision());
  EXPECT_FALSE(response.comparisons(1).has_probability());
  EXPECT_FALSE(response.comparisons(1).has_precision());
}

TEST(CompareEmbeddingsTest, TheHighestPrecisionThatIsMetIsTold) {
  ModelInfo model;
  model.calibration[Space::kSimilar] = Example();
  for (const auto& [degrees, precision] :
       {std::pair{80.0, 0.0}, std::pair{50.0, 0.9}, std::pair{10.0, 0.95}}) {
    v1::CompareResponse response;
    CompareEmbeddings(AtAngle(0), AtAngle(degrees), model, response);
    EXPECT_EQ(response.comparisons(0).precision(), precision) << degrees;
  }
}

class ClassifyTest : public ::testing::Test {
 protected:
  ClassifyTest() : encoder_(embedder_, DecodeLimits(), 16) {
    AddExample("one", PatchworkJpeg(1));
    AddExample("two", PatchworkJpeg(2));
    AddExample("one", PatchworkJpeg(1, 128, 50));
    request_.add_pictures(PatchworkJpeg(2, 128, 40));
  }

  void AddExample(const std::string& label, const std::string& picture) {
    v1::LabelledPicture& example = *request_.add_support();
    example.set_label(label);
    example.set_picture(picture);
  }

  absl::StatusOr<v1::ClassifyResponse> Classify() {
    return ClassifyPictures(request_, encoder_,
                            [] { return absl::OkStatus(); });
  }

  const CalibratedEmbedder embedder_;
  const PictureEncoder encoder_;
  v1::ClassifyRequest request_;
};

TEST_F(ClassifyTest, RecognisesByExamples) {
  for (const v1::FewShotRule rule :
       {v1::FEW_SHOT_RULE_PROTOTYPE, v1::FEW_SHOT_RULE_NEAREST}) {
    request_.set_rule(rule);
    ASSERT_OK_AND_ASSIGN(const v1::ClassifyResponse response, Classify());
    ASSERT_EQ(response.classifications_size(), 1);
    const v1::Classification& found = response.classifications(0);
    EXPECT_EQ(found.label(), "two");
    ASSERT_EQ(found.ranking_size(), 2);
    EXPECT_EQ(found.ranking(0).nearest_example(), 1);
    EXPECT_GT(found.ranking(0).similarity(), found.ranking(1).similarity());
    EXPECT_EQ(response.model_id(), embedder_.model().id);
  }
}

TEST_F(ClassifyTest, TheLoosestThresholdDecidesWhereNothingIsAsked) {
  ASSERT_OK_AND_ASSIGN(const v1::ClassifyResponse response, Classify());
  EXPECT_EQ(response.min_similarity(), 0.5F);
  request_.set_space(v1::SPACE_COPY);  // Not calibrated.
  ASSERT_OK_AND_ASSIGN(const v1::ClassifyResponse copy, Classify());
  EXPECT_FALSE(copy.has_min_similarity());
}

TEST_F(ClassifyTest, WhatIsNotNearEnoughIsUnknown) {
  request_.set_pictures(0, PatchworkJpeg(3));
  request_.set_min_similarity(0.95F);
  ASSERT_OK_AND_ASSIGN(const v1::ClassifyResponse response, Classify());
  EXPECT_EQ(response.classifications(0).label(), "");
  EXPECT_EQ(response.classifications(0).ranking_size(), 2);
}

TEST_F(ClassifyTest, APrecisionTakesItsThreshold) {
  request_.set_precision(0.92);
  ASSERT_OK_AND_ASSIGN(const v1::ClassifyResponse response, Classify());
  EXPECT_EQ(response.min_similarity(), 0.75F);
  request_.set_precision(0.99);
  EXPECT_THAT(Classify(), Fails(absl::StatusCode::kFailedPrecondition, "0.99"));
  EXPECT_THAT(Classify(), HasReason(kReasonNotCalibrated));
  EXPECT_THAT(Classify(), BlamesField("precision"));
}

TEST_F(ClassifyTest, BadRequestsNameTheField) {
  v1::ClassifyRequest whole = request_;
  request_.clear_support();
  EXPECT_THAT(Classify(), BlamesField("support"));
  request_ = whole;
  request_.clear_pictures();
  EXPECT_THAT(Classify(), BlamesField("pictures"));
  request_ = whole;
  request_.mutable_support(2)->clear_label();
  EXPECT_THAT(Classify(), BlamesField("support[2].label"));
  request_ = whole;
  request_.mutable_support(1)->set_picture("no picture");
  EXPECT_THAT(Classify(), BlamesField("support[1].picture"));
  request_ = whole;
  request_.set_pictures(0, "");
  EXPECT_THAT(Classify(), BlamesField("pictures[0]"));
  request_ = whole;
  request_.set_min_similarity(2);
  EXPECT_THAT(Classify(), BlamesField("min_similarity"));
  request_.set_min_similarity(0.5F);
  request_.set_precision(0.9);
  EXPECT_THAT(Classify(), BlamesField("precision"));
  request_ = whole;
  request_.set_rule(static_cast<v1::FewShotRule>(9));
  EXPECT_THAT(Classify(), BlamesField("rule"));
  request_ = whole;
  request_.set_space(static_cast<v1::Space>(9));
  EXPECT_THAT(Classify(), BlamesField("space"));
}

TEST_F(ClassifyTest, StopsWhenNobodyWaits) {
  int asked = 0;
  const auto result = ClassifyPictures(request_, encoder_, [&asked] {
    return ++asked == 2 ? absl::CancelledError("gone") : absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsCancelled(result.status()));
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace likeness
