#include "engine/evaluate/tasks.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "engine/core/file.h"
#include "engine/dataset/split.h"
#include "engine/evaluate/calibration_pairs.h"
#include "engine/image/encode.h"
#include "engine/report/report.h"
#include "nlohmann/json.hpp"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using testing::BlamesField;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr int kClasses = 6;
constexpr int kPictures = 4;

// Six classes of four pictures: one patchwork each, in JPEG of four qualities,
// so that everything is easily told apart. One file is no picture.
class TasksTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int label = 0; label < kClasses; ++label) {
      const std::string folder = folder_.File(
          absl::StrCat(label < 3 ? "first" : "second", "/class", label));
      std::filesystem::create_directories(folder);
      for (int i = 0; i < kPictures; ++i) {
        ASSERT_OK(WriteFileDurably(
            absl::StrCat(folder, "/", i, ".jpg"),
            testing::PatchworkJpeg(static_cast<uint32_t>(label), 96,
                                   95 - 15 * i)));
      }
    }
    ASSERT_OK_AND_ASSIGN(data_, ReadDataSet(folder_.path()));
    ASSERT_EQ(data_.samples.size(), size_t{kClasses} * kPictures);
  }

  TaskInput Input(Space space = Space::kSimilar) {
    return {
        .data = data_,
        .tested = AllSamples(data_),
        .training = {},
        .networks = {{.name = "fake", .embedder = &embedder_, .space = space}},
        .describe = {.workers = 2},
        .bootstrap = {.resamples = 50}};
  }

  // The figure of the model, or of the descriptor in that row.
  static double Figure(const FigureTable& table, const std::string& column,
                       size_t row = 0) {
    const auto found =
        std::find(table.columns.begin(), table.columns.end(), column);
    return table.rows[row]
        .figures[static_cast<size_t>(found - table.columns.begin())]
        .value;
  }

  const testing::TempDir folder_;
  const testing::FakeEmbedder embedder_;
  DataSet data_;
};

TEST_F(TasksTest, RetrievalFindsWhatIsAlike) {
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateRetrieval(Input(), "iconic"));
  ASSERT_EQ(evaluation.tables.size(), 1U);
  const FigureTable& table = evaluation.tables[0];
  EXPECT_EQ(Figure(table, "recall_at_1"), 1);
  EXPECT_EQ(Figure(table, "map_at_r"), 1);
  std::vector<std::string> names;
  for (const FigureRow& row : table.rows) names.push_back(row.descriptor);
  EXPECT_THAT(names, ElementsAre("fake", "colour histogram", "pHash", "PDQ"));
  EXPECT_TRUE(evaluation.mistakes.empty());
}

TEST_F(TasksTest, RetrievalAsksTheGalleryOfAllClasses) {
  // The last picture of each class is its icon; half of the classes is tested.
  for (size_t i = 0; i < data_.samples.size(); ++i) {
    data_.samples[i].group =
        data_.samples[i].path.ends_with("3.jpg") ? "iconic" : "natural";
    data_.samples[i].split =
        data_.samples[i].label < 3 ? Split::kTrain : Split::kTest;
  }
  TaskInput input = Input();
  input.tested = SamplesOf(data_, Split::kTest);
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateRetrieval(input, "iconic"));
  ASSERT_EQ(evaluation.tables.size(), 2U);
  EXPECT_EQ(evaluation.tables[0].counts[0].second, 9U);  // Without the icons.
  const FigureTable& iconic = evaluation.tables[1];
  EXPECT_EQ(iconic.name, "to_iconic");
  EXPECT_THAT(iconic.counts,
              ElementsAre(Pair("queries", 9), Pair("query_classes", 3),
                          Pair("gallery", 6)));
  EXPECT_EQ(Figure(iconic, "recall_at_1"), 1);
}

TEST_F(TasksTest, MistakesSayWhatCameAndWhatShouldHave) {
  // A picture under a class that it does not show.
  const std::string odd = folder_.File("first/class0/odd.jpg");
  ASSERT_OK(WriteFileDurably(odd, testing::PatchworkJpeg(5, 96, 60)));
  ASSERT_OK_AND_ASSIGN(data_, ReadDataSet(folder_.path()));
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateRetrieval(Input(), ""));
  ASSERT_FALSE(evaluation.mistakes.empty());
  const Mistake& worst = evaluation.mistakes[0];
  EXPECT_EQ(worst.query.name, odd);
  EXPECT_THAT(worst.came.name, HasSubstr("class5"));
  EXPECT_THAT(worst.expected.name, HasSubstr("class0"));
  EXPECT_GT(worst.came_similarity, worst.expected_similarity);
  ASSERT_OK_AND_ASSIGN(const std::string html,
                       RenderReport(EvaluationPage(evaluation)));
  EXPECT_THAT(html, HasSubstr("should have"));
  EXPECT_THAT(html, HasSubstr("data:image/jpeg;base64"));
}

TEST_F(TasksTest, FilesThatAreNoPicturesAreListedAndLeftOut) {
  ASSERT_OK(WriteFileDurably(folder_.File("first/class0/torn.jpg"),
                             testing::PatchworkJpeg(0).substr(0, 300)));
  ASSERT_OK_AND_ASSIGN(data_, ReadDataSet(folder_.path()));
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateRetrieval(Input(), ""));
  ASSERT_EQ(evaluation.failures.size(), 1U);
  EXPECT_THAT(evaluation.failures[0].name, HasSubstr("torn.jpg"));
  EXPECT_EQ(Figure(evaluation.tables[0], "recall_at_1"), 1);
  EXPECT_THAT(EvaluationText(evaluation), HasSubstr("torn.jpg"));
}

TEST_F(TasksTest, VerificationHasCurvesForEveryDescriptor) {
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateVerification(Input(), 1000));
  const FigureTable& table = evaluation.tables[0];
  EXPECT_EQ(Figure(table, "auc"), 1);
  EXPECT_EQ(Figure(table, "eer"), 0);
  EXPECT_EQ(table.counts[0].second, 36U);   // 6 x (4 choose 2).
  EXPECT_EQ(table.counts[1].second, 240U);  // 24 x 20 / 2.
  EXPECT_EQ(table.charts[0].series.size(), table.rows.size());
}

TEST_F(TasksTest, OneShotHasATableWithinGroupsAndOneOverAll) {
  ASSERT_OK_AND_ASSIGN(
      const Evaluation evaluation,
      EvaluateOneShot(Input(),
                      {.ways = 3, .episodes = 20, .within_group = true}));
  ASSERT_EQ(evaluation.tables.size(), 2U);
  EXPECT_EQ(evaluation.tables[0].name, "within_group");
  EXPECT_EQ(evaluation.tables[1].name, "any_group");
  EXPECT_EQ(Figure(evaluation.tables[0], "nearest"), 1);
  EXPECT_THAT(EvaluateOneShot(Input(), {.ways = 7}), BlamesField("ways"));
}

TEST_F(TasksTest, CopiesAreFoundAmongAllPictures) {
  // One picture a class, so that nothing else is the original's like.
  TaskInput input = Input(Space::kCopy);
  std::erase_if(data_.samples, [](const Sample& sample) {
    return !sample.path.ends_with("0.jpg");
  });
  input.tested = {0, 1, 2};
  const std::string distractor = folder_.File("distractor.jpg");
  ASSERT_OK(WriteFileDurably(distractor, testing::PatchworkJpeg(77)));
  const CopyTaskOptions options{
      .originals = 2, .strong_copies = 2, .distractors = {distractor}};
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateCopies(input, options));
  ASSERT_EQ(evaluation.tables.size(), 2U);
  const FigureTable& mild = evaluation.tables[0];
  EXPECT_THAT(mild.counts, ElementsAre(Pair("copies", 24), Pair("originals", 2),
                                       Pair("references", 6)));
  EXPECT_EQ(evaluation.tables[1].counts[0].second, 4U);
  // PDQ stands in the last row: mild edits leave most hashes alone.
  EXPECT_GT(Figure(mild, "recall_at_1", mild.rows.size() - 1), 0.6);
  ASSERT_OK_AND_ASSIGN(const Evaluation again, EvaluateCopies(input, options));
  EXPECT_EQ(EvaluationJson(evaluation).dump(), EvaluationJson(again).dump());
}

TEST_F(TasksTest, ASecondLookStandsBelowTheModelAndSaysItsCost) {
  TaskInput input = Input(Space::kCopy);
  std::erase_if(data_.samples, [](const Sample& sample) {
    return !sample.path.ends_with("0.jpg");
  });
  input.tested = {0, 1, 2};
  const CopyTaskOptions options{
      .originals = 2, .strong_copies = 2, .second_look = 100};
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateCopies(input, options));
  ASSERT_EQ(evaluation.tables.size(), 2U);
  for (const FigureTable& table : evaluation.tables) {
    EXPECT_EQ(table.rows[0].descriptor, "fake");
    EXPECT_EQ(table.rows[1].descriptor, "fake, second look at 100");
    EXPECT_EQ(table.rows[1].dimensions, table.rows[0].dimensions);
    EXPECT_EQ(table.charts[0].series.size(), table.rows.size());
    EXPECT_THAT(table.text, HasSubstr("KB of keypoints a picture"));
  }
  // Points settle what this embedder has no idea of.
  EXPECT_GT(Figure(evaluation.tables[0], "recall_at_1", 1), 0.9);
  EXPECT_GE(Figure(evaluation.tables[0], "micro_ap", 1),
            Figure(evaluation.tables[0], "micro_ap", 0));
  EXPECT_THAT(evaluation.setting,
              ::testing::Contains(Pair("second look at the best references",
                                       HasSubstr("mean of 5 references"))));
}

TEST_F(TasksTest, JsonHasEveryFigureWithItsInterval) {
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateVerification(Input(), 1000));
  const nlohmann::ordered_json json = EvaluationJson(evaluation);
  EXPECT_EQ(json["task"], "verification");
  const auto& figures = json["tables"][0]["rows"][0]["figures"];
  EXPECT_EQ(figures["auc"]["value"], 1.0);
  EXPECT_EQ(figures["auc"]["low"], 1.0);
  // 240 others are too few for one false accept in a thousand.
  EXPECT_TRUE(figures["tar_at_far_0.001"]["value"].is_null());
}

TEST_F(TasksTest, TheRecordHasTheModelAndWhatItHasToBeat) {
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateVerification(Input(), 1000));
  const nlohmann::ordered_json record = EvaluationRecord(evaluation);
  EXPECT_EQ(record["setting"]["bootstrap resamples"], "50");
  EXPECT_EQ(record["unread_pictures"], 0);
  const auto& descriptors = record["tables"]["pairs"]["descriptors"];
  EXPECT_EQ(descriptors["fake"]["auc"],
            nlohmann::ordered_json::array({1.0, 1.0, 1.0}));
  EXPECT_EQ(descriptors["fake"]["tar_at_far_0.001"],
            nlohmann::ordered_json::array({nullptr, nullptr, nullptr}));
  const double pdq = descriptors["PDQ"]["auc"][0];
  EXPECT_EQ(pdq, std::round(pdq * 1e4) / 1e4);
  EXPECT_FALSE(record.contains("mistakes"));
}

TEST_F(TasksTest, ComponentsAreFittedToTrainingPicturesAlone) {
  TaskInput input = Input();
  input.networks[0].reduced_dimensions = 5;
  for (size_t i = 0; i < 8; ++i) input.training.push_back(i);
  input.tested.erase(input.tested.begin(), input.tested.begin() + 8);
  ASSERT_OK_AND_ASSIGN(const Evaluation evaluation,
                       EvaluateRetrieval(input, ""));
  const FigureTable& table = evaluation.tables[0];
  EXPECT_EQ(table.rows[1].descriptor, "fake, 5 components");
  EXPECT_EQ(table.rows[1].dimensions, 5);
  EXPECT_EQ(table.rows[2].descriptor, "colour histogram");
  // Too few training pictures: no such row.
  input.training.resize(5);
  ASSERT_OK_AND_ASSIGN(const Evaluation without, EvaluateRetrieval(input, ""));
  EXPECT_EQ(without.tables[0].rows[1].descriptor, "colour histogram");
}

TEST_F(TasksTest, DataThatCannotBeJudgedIsRefused) {
  TaskInput input = Input();
  input.tested = {0, 1, 4};
  EXPECT_THAT(EvaluateRetrieval(input, ""), BlamesField("data"));
  input.tested = {0, 1};
  EXPECT_THAT(EvaluateVerification(input, 10), BlamesField("data"));
  input.tested = {};
  EXPECT_THAT(EvaluateCopies(input, {}), BlamesField("data"));
}

TEST_F(TasksTest, CalibrationPairsAreCopiesAndClasses) {
  ASSERT_OK_AND_ASSIGN(const CalibrationData similar,
                       SimilarPairs(Input(), 100));
  const auto matches = [](const CalibrationData& data) {
    return std::count_if(data.pairs.begin(), data.pairs.end(),
                         [](const auto& pair) { return pair.match; });
  };
  EXPECT_EQ(matches(similar), 36);
  EXPECT_EQ(similar.pairs.size(), 136U);
  EXPECT_THAT(similar.text, HasSubstr("24 pictures of 6 classes"));
  ASSERT_OK_AND_ASSIGN(const CalibrationData copy,
                       CopyPairs(Input(Space::kCopy),
                                 {.originals = 2, .strong_copies = 3}, 1000));
  EXPECT_EQ(matches(copy), 2 * (12 + 3));
  EXPECT_GT(copy.pairs.size(), 930U);
}

}  // namespace
}  // namespace likeness
