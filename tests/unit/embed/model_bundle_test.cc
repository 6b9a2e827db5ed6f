#include "engine/embed/model_bundle.h"

#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "engine/core/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;
using testing::HasReason;

// Computed in Python from the text below (json.dumps with sorted keys and no
// spaces, hashlib.sha256): see content_id in tools/setup/convert_imagenet.py.
constexpr char kId[] =
    "34b816478be43ae577596b628a34deb7b532cc63155d4d3692bf6d342a3e5d72";

constexpr char kCard[] = R"({
  "format": 1, "name": "small", "license": "none", "content_id": "@ID@",
  "architecture": "efficientnet_lite0",
  "preprocessing": {"version": 1, "input_side": 224, "fit": "pad",
                    "mean": 127.0, "scale": 127.5},
  "heads": {
    "similar": {"pooling": "gem", "gem_p": 3.0, "dimensions": 256,
                "projection": "heads.similar"},
    "copy": {"pooling": "max", "dimensions": 1280}}})";

std::string Weights() {
  const std::string header =
      R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const uint64_t length = header.size();
  const float values[] = {1, 2};
  std::string bytes(8 + header.size() + 8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  std::memcpy(bytes.data() + 8 + header.size(), values, 8);
  return bytes;
}

class ModelBundleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    card_ = absl::StrReplaceAll(kCard, {{"@ID@", kId}});
    weights_ = Weights();
  }

  absl::StatusOr<ModelBundle> Load() {
    EXPECT_OK(WriteFileDurably(folder_.File("card.json"), card_));
    EXPECT_OK(WriteFileDurably(folder_.File("weights.safetensors"), weights_));
    return ModelBundle::Load(folder_.path());
  }

  void ReplaceInCard(const char* from, const char* to) {
    ASSERT_NE(card_.find(from), std::string::npos) << from;
    card_ = absl::StrReplaceAll(card_, {{from, to}});
  }

  const testing::TempDir folder_;
  std::string card_;
  std::string weights_;
};

TEST_F(ModelBundleTest, LoadsWhatTheCardSays) {
  ASSERT_OK_AND_ASSIGN(const ModelBundle bundle, Load());
  EXPECT_EQ(bundle.name, "small");
  EXPECT_EQ(bundle.id, kId);
  EXPECT_EQ(bundle.architecture, "efficientnet_lite0");
  EXPECT_EQ(bundle.preprocessing_version, 1);
  EXPECT_EQ(bundle.input_side, 224);
  EXPECT_EQ(bundle.fit, Fit::kPad);
  EXPECT_EQ(bundle.pixel_mean, 127.0F);
  EXPECT_EQ(bundle.pixel_scale, 127.5F);
  const HeadSpec& similar = bundle.heads[Space::kSimilar];
  EXPECT_EQ(similar.pooling, "gem");
  EXPECT_EQ(similar.gem_p, 3.0F);
  EXPECT_EQ(similar.dimensions, 256);
  EXPECT_EQ(similar.projection, "heads.similar");
  EXPECT_EQ(bundle.heads[Space::kCopy].pooling, "max");
  EXPECT_EQ(bundle.heads[Space::kCopy].projection, "");
  EXPECT_THAT(bundle.weights.names(), ::testing::ElementsAre("w"));
}

TEST_F(ModelBundleTest, WhatDecidesNoVectorMayChange) {
  ReplaceInCard("\"small\"", "\"a better name\"");
  ReplaceInCard("\"none\"", "\"Apache-2.0\"");
  ASSERT_OK_AND_ASSIGN(const ModelBundle bundle, Load());
  EXPECT_EQ(bundle.id, kId);
}

TEST_F(ModelBundleTest, EveryFlippedBitOfTheWeightsIsRefused) {
  for (size_t i = 0; i < weights_.size(); i += 5) {
    weights_ = Weights();
    weights_[i] = static_cast<char>(weights_[i] ^ (1 << (i % 8)));
    const auto bundle = Load();
    EXPECT_THAT(bundle, Fails(absl::StatusCode::kDataLoss, "content id"));
    EXPECT_THAT(bundle, HasReason(kReasonCorruptData));
  }
}

TEST_F(ModelBundleTest, AChangeOfWhatDecidesVectorsIsRefused) {
  const std::string good = card_;
  const struct {
    const char* from;
    const char* to;
  } cases[] = {{"\"pad\"", "\"stretch\""},
               {"127.5", "127.0"},
               {"\"max\"", "\"avg\""},
               {"3.0", "4.0"},
               {"224", "256"},
               {"efficientnet_lite0", "other"}};
  for (const auto& test : cases) {
    card_ = good;
    ReplaceInCard(test.from, test.to);
    EXPECT_THAT(Load(), Fails(absl::StatusCode::kDataLoss, "content id"))
        << test.to;
  }
}

TEST_F(ModelBundleTest, NamesWhatIsWrongWithTheCard) {
  const std::string good = card_;
  const struct {
    const char* from;
    const char* to;
    const char* says;
  } cases[] = {{"{", "[", "not a JSON object"},
               {"\"format\": 1", "\"format\": 2", "format 2"},
               {"\"name\"", "\"nom\"", "no text \"name\""},
               {"\"content_id\"", "\"id\"", "no text \"content_id\""},
               {"\"heads\"", "\"tails\"", "no object \"heads\""}};
  for (const auto& test : cases) {
    card_ = good;
    ReplaceInCard(test.from, test.to);
    EXPECT_THAT(Load(), Fails(absl::StatusCode::kDataLoss, test.says));
  }
}

TEST_F(ModelBundleTest, NamesTheMissingFile) {
  EXPECT_THAT(ModelBundle::Load(folder_.path()),
              Fails(absl::StatusCode::kNotFound, "card.json"));
  ASSERT_OK(WriteFileDurably(folder_.File("card.json"), card_));
  EXPECT_THAT(ModelBundle::Load(folder_.path()),
              Fails(absl::StatusCode::kNotFound, "weights.safetensors"));
}

TEST_F(ModelBundleTest, KeepsCalibrationsWithoutANewId) {
  ASSERT_OK_AND_ASSIGN(const ModelBundle before, Load());
  EXPECT_FALSE(before.calibration[Space::kCopy].has_value());
  Calibration calibration;
  calibration.method = "platt";
  calibration.slope = -12.5;
  calibration.prior = 0.25;
  calibration.matches = calibration.others = 40;
  PerSpace<std::optional<Calibration>> fits;
  fits[Space::kCopy] = calibration;
  ASSERT_OK(StoreCalibration(folder_.path(), fits));
  ASSERT_OK_AND_ASSIGN(const ModelBundle after,
                       ModelBundle::Load(folder_.path()));
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.calibration[Space::kCopy], calibration);
  EXPECT_FALSE(after.calibration[Space::kSimilar].has_value());
  // A second one joins the first.
  fits[Space::kSimilar] = calibration;
  fits[Space::kCopy].reset();
  ASSERT_OK(StoreCalibration(folder_.path(), fits));
  ASSERT_OK_AND_ASSIGN(const ModelBundle both,
                       ModelBundle::Load(folder_.path()));
  EXPECT_EQ(both.calibration[Space::kCopy], calibration);
  EXPECT_EQ(both.calibration[Space::kSimilar], calibration);
}

TEST_F(ModelBundleTest, AWrongCalibrationIsNamed) {
  const std::string whole = card_;
  const auto with = [&](absl::string_view calibration) {
    card_ = absl::StrCat(whole.substr(0, whole.size() - 1),
                         ", \"calibration\": ", calibration, "}");
    return Load().status();
  };
  EXPECT_THAT(with(R"({"model_id": "another"})"),
              Fails(absl::StatusCode::kDataLoss, "of the model another"));
  EXPECT_THAT(with("[]"), Fails(absl::StatusCode::kDataLoss, "calibration"));
  const std::string id = absl::StrCat(R"({"model_id": ")", kId, R"(", )");
  EXPECT_THAT(with(id + R"("sideways": {}})"),
              Fails(absl::StatusCode::kDataLoss, "\"sideways\""));
  EXPECT_THAT(with(id + R"("copy": {"method": "platt", "slope": 1,
      "prior": 0.5, "matches": 1, "others": 1}})"),
              Fails(absl::StatusCode::kDataLoss, "calibration.copy.slope"));
}

TEST_F(ModelBundleTest, KeepsMetricsWithoutANewId) {
  ASSERT_OK(Load());
  const auto metrics = [&] {
    const std::string text =
        ReadFile(folder_.File("card.json"), 1 << 20).value();
    return nlohmann::json::parse(text)["metrics"];
  };
  ASSERT_OK(StoreMetrics(folder_.path(), "toys", {{"recall", 0.5}}));
  ASSERT_OK(StoreMetrics(folder_.path(), "food", {{"recall", 0.75}}));
  // The same name again: in place of the first.
  ASSERT_OK(StoreMetrics(folder_.path(), "toys", {{"recall", 0.25}}));
  EXPECT_EQ(metrics(), nlohmann::json({{"model_id", kId},
                                       {"evaluations",
                                        {{"food", {{"recall", 0.75}}},
                                         {"toys", {{"recall", 0.25}}}}}}));
  ASSERT_OK_AND_ASSIGN(const ModelBundle bundle,
                       ModelBundle::Load(folder_.path()));
  EXPECT_EQ(bundle.id, kId);
  EXPECT_THAT(StoreMetrics(folder_.path(), "", {}), BlamesField("name"));
}

TEST_F(ModelBundleTest, MetricsOfAnotherModelAreRefused) {
  const std::string whole = card_;
  const auto with = [&](absl::string_view metrics) {
    card_ = absl::StrCat(whole.substr(0, whole.size() - 1),
                         ", \"metrics\": ", metrics, "}");
    return Load().status();
  };
  EXPECT_THAT(with(R"({"model_id": "another"})"),
              Fails(absl::StatusCode::kDataLoss, "of the model another"));
  EXPECT_THAT(with(R"({})"), Fails(absl::StatusCode::kDataLoss, "model_id"));
  EXPECT_OK(with(absl::StrCat(R"({"model_id": ")", kId, R"("})")));
}

TEST_F(ModelBundleTest, WhatIsSavedIsLoaded) {
  ReplaceInCard("\"content_id\": \"", "\"old_id\": \"");
  ASSERT_OK_AND_ASSIGN(const std::string sealed, SealCard(card_, weights_));
  const std::string folder = folder_.File("new/bundle");
  ASSERT_OK(SaveModelBundle(folder, sealed, weights_));
  ASSERT_OK_AND_ASSIGN(const ModelBundle bundle, ModelBundle::Load(folder));
  EXPECT_EQ(bundle.id, kId);
}

TEST_F(ModelBundleTest, ABundleHalfWrittenHasNoCard) {
  ASSERT_OK(Load());
  // The weights can't be replaced by a file: a folder is in their place.
  std::filesystem::remove(folder_.File("weights.safetensors"));
  std::filesystem::create_directories(
      folder_.File("weights.safetensors/in_the_way"));
  EXPECT_FALSE(SaveModelBundle(folder_.path(), card_, weights_).ok());
  EXPECT_THAT(ModelBundle::Load(folder_.path()),
              Fails(absl::StatusCode::kNotFound, "card.json"));
}

TEST(SealCardTest, SaysWhatTheCardLacks) {
  EXPECT_THAT(SealCard(R"({"architecture": "conv4", "heads": {}})", ""),
              Fails(absl::StatusCode::kInvalidArgument, "preprocessing"));
  EXPECT_THAT(SealCard("no JSON", ""),
              Fails(absl::StatusCode::kInvalidArgument, "architecture"));
}

}  // namespace
}  // namespace likeness
