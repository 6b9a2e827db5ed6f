// The settings of losses, pairs, optimizer and averaging, as a recipe has them.
#include <string>

#include "engine/train/loss_spec.h"
#include "engine/train/optimizer_spec.h"
#include "engine/train/pair_rule.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using nlohmann::json;
using testing::BlamesField;
using testing::Fails;

TEST(LossSpecTest, DefaultsOfEveryTypeAreValid) {
  for (const LossType type :
       {LossType::kContrastive, LossType::kTriplet, LossType::kInfoNce,
        LossType::kSupervisedContrastive, LossType::kMultiSimilarity,
        LossType::kProxyAnchor, LossType::kKoLeo}) {
    EXPECT_OK(LossSpec::Defaults(type).Validate());
    const std::string name(LossTypeName(type));
    ASSERT_OK_AND_ASSIGN(const LossSpec spec, ParseLossSpec({{"type", name}}));
    EXPECT_EQ(spec.type, type);
  }
}

TEST(LossSpecTest, IsReadOverTheDefaultsOfItsType) {
  ASSERT_OK_AND_ASSIGN(const LossSpec triplet,
                       ParseLossSpec({{"type", "triplet"},
                                      {"distance", "squared_euclidean"},
                                      {"margin", 0.7},
                                      {"mining", "curriculum"}}));
  EXPECT_EQ(triplet.distance, Distance::kSquaredEuclidean);
  EXPECT_EQ(triplet.margin, 0.7);
  EXPECT_EQ(triplet.mining, TripletMining::kCurriculum);

  ASSERT_OK_AND_ASSIGN(
      const LossSpec similarity,
      ParseLossSpec({{"type", "multi_similarity"}, {"negative_scale", 40}}));
  EXPECT_EQ(similarity.positive_scale, 2);
  EXPECT_EQ(similarity.negative_scale, 40);
  EXPECT_EQ(similarity.threshold, 0.5);
  EXPECT_EQ(similarity.margin, 0.1);
}

TEST(LossSpecTest, RefusesFieldsThatItsTypeDoesNotRead) {
  EXPECT_THAT(ParseLossSpec({{"type", "triplet"}, {"temperature", 0.1}}),
              BlamesField("loss.temperature"));
  EXPECT_THAT(ParseLossSpec({{"type", "proxy_anchor"}, {"distance", "cosine"}}),
              BlamesField("loss.distance"));
  EXPECT_THAT(ParseLossSpec({{"type", "koleo"}, {"margin", 1}}, "extra"),
              BlamesField("extra.margin"));
}

TEST(LossSpecTest, ErrorsNameTheFieldAndTheChoices) {
  EXPECT_THAT(ParseLossSpec(json::object()), BlamesField("loss.type"));
  EXPECT_THAT(ParseLossSpec(json::array()), BlamesField("loss"));
  EXPECT_THAT(ParseLossSpec({{"type", "triplet"}, {"mining", "hard"}}),
              Fails(absl::StatusCode::kInvalidArgument,
                    "loss.mining: there is no mining \"hard\"; use batch_all, "
                    "batch_hard, semi_hard or curriculum"));
  EXPECT_THAT(ParseLossSpec({{"type", "contrastive"}, {"margin", 0}}),
              BlamesField("loss.margin"));
  EXPECT_THAT(ParseLossSpec({{"type", "info_nce"}, {"temperature", -1}}),
              BlamesField("loss.temperature"));
  EXPECT_THAT(ParseLossSpec({{"type", "multi_similarity"}, {"threshold", 2}}),
              BlamesField("loss.threshold"));
  EXPECT_THAT(ParseLossSpec({{"type", "proxy_anchor"}, {"positive_scale", 0}}),
              BlamesField("loss.positive_scale"));
}

TEST(LossSpecTest, RefusesADistanceThatTheLossIsNotDefinedOn) {
  LossSpec spec = LossSpec::Defaults(LossType::kMultiSimilarity);
  spec.distance = Distance::kEuclidean;
  EXPECT_THAT(spec.Validate("l"), BlamesField("l.distance"));
  spec = LossSpec::Defaults(LossType::kKoLeo);
  spec.distance = Distance::kCosine;
  EXPECT_THAT(spec.Validate(), BlamesField("loss.distance"));
}

TEST(PairRuleTest, KindsHaveNames) {
  for (const PairKind kind : {PairKind::kClass, PairKind::kInstance}) {
    ASSERT_OK_AND_ASSIGN(const PairKind parsed,
                         ParsePairKind(PairKindName(kind)));
    EXPECT_EQ(parsed, kind);
  }
  EXPECT_THAT(ParsePairKind("label"), Fails(absl::StatusCode::kInvalidArgument,
                                            "use class or instance"));
}

TEST(OptimizerSpecTest, IsReadFromJson) {
  ASSERT_OK_AND_ASSIGN(const OptimizerSpec adamw,
                       ParseOptimizerSpec({{"type", "adamw"},
                                           {"learning_rate", 0.5},
                                           {"head_factor", 3},
                                           {"weight_decay", 0},
                                           {"clip_norm", 2},
                                           {"beta1", 0.8},
                                           {"beta2", 0.99}}));
  EXPECT_EQ(adamw.learning_rate, 0.5);
  EXPECT_EQ(adamw.head_factor, 3);
  EXPECT_EQ(adamw.weight_decay, 0);
  EXPECT_EQ(adamw.clip_norm, 2);
  EXPECT_EQ(adamw.beta1, 0.8);
  EXPECT_EQ(adamw.beta2, 0.99);
  ASSERT_OK_AND_ASSIGN(
      const OptimizerSpec sgd,
      ParseOptimizerSpec(
          {{"type", "sgd"}, {"momentum", 0.5}, {"nesterov", true}}));
  EXPECT_EQ(sgd.type, OptimizerType::kSgd);
  EXPECT_EQ(sgd.momentum, 0.5);
  EXPECT_TRUE(sgd.nesterov);
}

TEST(OptimizerSpecTest, ErrorsNameTheField) {
  const auto with = [](json changes) {
    json all = {{"type", "adamw"}};
    all.update(changes);
    return ParseOptimizerSpec(all);
  };
  EXPECT_THAT(with({{"type", "adam"}}), BlamesField("optimizer.type"));
  EXPECT_THAT(with({{"learning_rate", 0}}),
              BlamesField("optimizer.learning_rate"));
  EXPECT_THAT(with({{"learning_rate", "fast"}}),
              BlamesField("optimizer.learning_rate"));
  EXPECT_THAT(with({{"head_factor", 0}}), BlamesField("optimizer.head_factor"));
  EXPECT_THAT(with({{"weight_decay", -1}}),
              BlamesField("optimizer.weight_decay"));
  EXPECT_THAT(with({{"clip_norm", -1}}), BlamesField("optimizer.clip_norm"));
  EXPECT_THAT(with({{"beta1", 1}}), BlamesField("optimizer.beta1"));
  EXPECT_THAT(with({{"beta2", 0}}), BlamesField("optimizer.beta2"));
  EXPECT_THAT(with({{"momentum", 0.9}}), BlamesField("optimizer.momentum"));
  EXPECT_THAT(with({{"type", "sgd"}, {"momentum", 1}}),
              BlamesField("optimizer.momentum"));
  EXPECT_THAT(with({{"type", "sgd"}, {"momentum", 0}, {"nesterov", true}}),
              BlamesField("optimizer.nesterov"));
}

TEST(AveragingSpecTest, IsReadFromJsonWithErrorsThatNameTheField) {
  ASSERT_OK_AND_ASSIGN(const AveragingSpec spec,
                       ParseAveragingSpec({{"type", "ema"},
                                           {"decay", 0.9},
                                           {"start", 0.5},
                                           {"every", 3},
                                           {"start_share", 0.25}}));
  EXPECT_EQ(spec.type, AveragingType::kEma);
  EXPECT_EQ(spec.decay, 0.9);
  EXPECT_EQ(spec.start, 0.5);
  EXPECT_EQ(spec.every, 3);
  EXPECT_EQ(spec.start_share, 0.25);
  EXPECT_THAT(ParseAveragingSpec({{"type", "none"}, {"every", 3}}),
              BlamesField("averaging.every"));
  EXPECT_THAT(ParseAveragingSpec({{"type", "swa"}, {"decay", 0.9}}),
              BlamesField("averaging.decay"));
  EXPECT_THAT(ParseAveragingSpec({{"type", "ema"}, {"decay", 1}}),
              BlamesField("averaging.decay"));
  EXPECT_THAT(ParseAveragingSpec({{"type", "swa"}, {"start", 2}}),
              BlamesField("averaging.start"));
  EXPECT_THAT(ParseAveragingSpec({{"type", "swa"}, {"every", 0}}),
              BlamesField("averaging.every"));
  EXPECT_THAT(ParseAveragingSpec({{"type", "none"}, {"start_share", 1.5}}),
              BlamesField("averaging.start_share"));
}

}  // namespace
}  // namespace likeness
