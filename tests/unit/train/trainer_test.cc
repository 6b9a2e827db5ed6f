// Whole trainings on generated shapes, in seconds.
#include "engine/train/trainer.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "engine/embed/torch_embedder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/shape_pictures.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using testing::Fails;
using testing::TempDir;

constexpr char kRecipe[] = R"({
  "name": "shapes", "seed": 3, "steps": 60,
  "network": {"architecture": "conv4", "random_start": true, "side": 32,
              "train_side": 32, "live_norms": true, "piece": 16},
  "heads": {"similar": {"pooling": "avg", "dimensions": 16},
            "copy": {"pooling": "avg", "dimensions": 16}},
  "data": [{"name": "shapes", "path": "", "train": 0.6, "validation": 0.4,
            "test": 0}],
  "streams": [{"name": "shapes", "data": "shapes", "sampler": "classes",
               "classes": 8, "pictures": 4, "augment": "drawing"}],
  "losses": [
    {"loss": {"type": "triplet", "margin": 0.3, "mining": "curriculum"},
     "head": "similar"},
    {"loss": {"type": "supervised_contrastive"}, "head": "copy", "memory": 64,
     "memory_warm_up": 2}],
  "optimizer": {"type": "adamw", "learning_rate": 2e-3},
  "schedule": {"type": "cosine", "warm_up_steps": 5},
  "averaging": {"type": "ema", "decay": 0.9},
  "validation": {"every": 20,
                 "sets": [{"data": "shapes", "task": "retrieval"}]}})";

const std::string kShort = absl::StrReplaceAll(
    kRecipe,
    {{"\"steps\": 60", "\"steps\": 12"}, {"\"every\": 20", "\"every\": 4"}});

class StopAt : public TrainObserver {
 public:
  explicit StopAt(int64_t step) : stop_(step) {}

  void OnStep(const StepReport& report) override {
    step_ = report.step;
    totals_.push_back(report.losses.at("total"));
  }
  void OnValidation(int64_t, const ValidationResult&, bool) override {}
  bool ShouldStop() override { return step_ >= stop_; }

  const std::vector<double>& totals() const { return totals_; }

 private:
  const int64_t stop_;
  int64_t step_ = 0;
  std::vector<double> totals_;
};

class TrainerTest : public ::testing::Test {
 protected:
  void SetUp() override { testing::WriteShapes(data_.path(), 24, 8); }

  // Until `stop`, or the end.
  absl::StatusOr<TrainResult> Run(const std::string& recipe_text,
                                  const std::string& checkpoint, int threads,
                                  int64_t stop = 1'000'000,
                                  TrainDevice device = TrainDevice::kCpu) {
    auto recipe = ParseRecipe(recipe_text);
    if (!recipe.ok()) return recipe.status();
    auto data =
        TrainingData::Make(*recipe, {.root = data_.path(), .threads = threads});
    if (!data.ok()) return data.status();
    auto validator = Validator::Make(*recipe, (*data)->sets(), threads,
                                     [](const ModelBundle& bundle) {
                                       return MakeTorchEmbedder(bundle, {});
                                     });
    if (!validator.ok()) return validator.status();
    StopAt observer(stop);
    TrainOptions options;
    options.checkpoint = checkpoint;
    options.checkpoint_every = 7;
    options.threads = threads;
    options.device = device;
    return Train(*recipe, options, **data, **validator, observer);
  }

  TempDir data_;
  TempDir run_;
};

TEST_F(TrainerTest, BeatsTheRandomNetworkOnClassesItNeverSaw) {
  ASSERT_OK_AND_ASSIGN(const TrainResult result, Run(kRecipe, "", 2));
  EXPECT_TRUE(result.finished);
  EXPECT_EQ(result.steps, 60);
  EXPECT_GT(result.best.score, result.first.score + 0.1);
  ASSERT_OK_AND_ASSIGN(const std::string card,
                       SealCard(result.card, result.weights));
  ASSERT_OK_AND_ASSIGN(const ModelBundle bundle,
                       ModelBundle::Parse(card, result.weights));
  EXPECT_OK(MakeTorchEmbedder(bundle, {}));
}

TEST_F(TrainerTest, InterruptedTwiceItEndsAsIfNothingHadHappened) {
  const std::string checkpoint = run_.File("checkpoint");
  ASSERT_OK_AND_ASSIGN(const TrainResult whole, Run(kShort, "", 1));
  ASSERT_OK_AND_ASSIGN(const TrainResult first, Run(kShort, checkpoint, 2, 3));
  EXPECT_FALSE(first.finished);
  EXPECT_EQ(first.steps, 3);
  ASSERT_OK_AND_ASSIGN(const TrainResult second, Run(kShort, checkpoint, 1, 8));
  EXPECT_EQ(second.steps, 8);
  ASSERT_OK_AND_ASSIGN(const TrainResult last, Run(kShort, checkpoint, 2));
  EXPECT_TRUE(last.finished);
  EXPECT_EQ(last.best_step, whole.best_step);
  EXPECT_EQ(last.best.score, whole.best.score);
  // The same bits, whatever the threads.
  EXPECT_TRUE(last.weights == whole.weights);
}

TEST_F(TrainerTest, ThreadsChangeNoBit) {
  ASSERT_OK_AND_ASSIGN(const TrainResult one, Run(kShort, "", 1));
  ASSERT_OK_AND_ASSIGN(const TrainResult three, Run(kShort, "", 3));
  EXPECT_EQ(one.best_step, three.best_step);
  EXPECT_TRUE(one.weights == three.weights);
}

TEST_F(TrainerTest, WithoutValidationTheLastWeightsAreKept) {
  const std::string unjudged = absl::StrReplaceAll(
      kShort, {{R"({"data": "shapes", "task": "retrieval"})", ""}});
  ASSERT_OK_AND_ASSIGN(const TrainResult result, Run(unjudged, "", 2));
  EXPECT_TRUE(result.finished);
  EXPECT_EQ(result.best_step, 12);
  EXPECT_TRUE(result.best.metrics.empty());
  ASSERT_OK_AND_ASSIGN(const std::string card,
                       SealCard(result.card, result.weights));
  EXPECT_OK(ModelBundle::Parse(card, result.weights));
}

TEST_F(TrainerTest, OnAGpuItTrainsOrSaysThatThereIsNone) {
  const auto result = Run(kShort, "", 1, 2, TrainDevice::kCuda);
  if (result.ok()) {
    EXPECT_EQ(result->steps, 2);
  } else {
    EXPECT_THAT(result, Fails(absl::StatusCode::kFailedPrecondition,
                              "there is no device cuda"));
  }
  EXPECT_THAT(ParseTrainDevice("tpu"),
              Fails(absl::StatusCode::kInvalidArgument, "cpu or cuda"));
}

TEST_F(TrainerTest, AnotherRecipeDoesNotContinueACheckpoint) {
  const std::string checkpoint = run_.File("checkpoint");
  ASSERT_OK(Run(kRecipe, checkpoint, 2, 1).status());
  const std::string other =
      absl::StrReplaceAll(kRecipe, {{"\"seed\": 3", "\"seed\": 4"}});
  EXPECT_THAT(Run(other, checkpoint, 2),
              Fails(absl::StatusCode::kFailedPrecondition, "another recipe"));
}

TEST_F(TrainerTest, StopsEarlyWhenNothingGetsBetter) {
  const std::string stuck = absl::StrReplaceAll(
      kRecipe, {{"\"learning_rate\": 2e-3", "\"learning_rate\": 1e-12"},
                {"\"every\": 20",
                 "\"every\": 5, \"early_stopping\": {\"patience\": 2, "
                 "\"min_improvement\": 0.01}"}});
  ASSERT_OK_AND_ASSIGN(const TrainResult result, Run(stuck, "", 2));
  EXPECT_TRUE(result.finished);
  EXPECT_EQ(result.steps, 10);
  EXPECT_EQ(result.best_step, 0);
}

TEST_F(TrainerTest, NamesTheHeadThatHasTooFewPicturesToBeginWith) {
  const std::string greedy = absl::StrReplaceAll(
      kRecipe,
      {{"\"dimensions\": 16},",
        "\"dimensions\": 512, \"start\": \"principal_components\"},"}});
  EXPECT_THAT(Run(greedy, "", 2),
              Fails(absl::StatusCode::kInvalidArgument, "heads.similar.start"));
}

}  // namespace
}  // namespace likeness
