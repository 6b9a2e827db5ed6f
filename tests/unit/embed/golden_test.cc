// The network against its authors' own implementation, in numbers made by
// tools/golden/make_embed_golden.py.
#include <cstring>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/sha256.h"
#include "engine/embed/classifier.h"
#include "engine/embed/torch_embedder.h"
#include "engine/image/decode.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/embed/imagenet_bundle.h"

namespace likeness {
namespace {

using Json = nlohmann::json;

constexpr int kSide = 224;
constexpr float kLogitTolerance = 1e-3F;
constexpr float kUnitTolerance = 1e-5F;

// pattern() of the script, by the same integers.
Image Pattern(int k) {
  Image image(kSide, kSide);
  uint8_t* out = image.data();
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      for (int c = 0; c < 3; ++c) {
        const int wave =
            (k + 1) * (c + 2) * x + (3 * k + 5 * c + 1) * y + 85 * c * k;
        *out++ = static_cast<uint8_t>(std::abs(wave % 510 - 255));
      }
    }
  }
  return image;
}

// middle() of the script: no resize takes part.
Image Middle(const Image& picture) {
  Image canvas(kSide, kSide);
  const int left = (picture.width() - kSide) / 2;
  const int top = (picture.height() - kSide) / 2;
  constexpr size_t kRow = size_t{3} * kSide;
  for (int y = 0; y < kSide; ++y) {
    std::memcpy(canvas.data() + static_cast<size_t>(y) * kRow,
                picture.data() + 3 * ((top + y) * picture.width() + left),
                kRow);
  }
  return canvas;
}

Image DecodeFile(const std::string& path) {
  auto decoded = DecodeImage(testing::ReadFileOrFail(path), DecodeLimits());
  EXPECT_OK(decoded);
  return std::move(decoded->image);
}

std::vector<int> TopFive(const std::vector<float>& logits) {
  std::vector<int> classes(logits.size());
  std::iota(classes.begin(), classes.end(), 0);
  std::partial_sort(classes.begin(), classes.begin() + 5, classes.end(),
                    [&](int a, int b) { return logits[a] > logits[b]; });
  classes.resize(5);
  return classes;
}

void ExpectNear(const std::vector<float>& values, const Json& golden,
                size_t step, float tolerance) {
  ASSERT_EQ((values.size() + step - 1) / step, golden.size());
  for (size_t i = 0; i < golden.size(); ++i) {
    EXPECT_NEAR(values[i * step], golden[i].get<float>(), tolerance) << i;
  }
}

// The parameter is TorchEmbedderOptions::fused_kernels.
class GoldenTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    const std::string folder = testing::ImageNetBundleFolder();
    if (folder.empty()) GTEST_SKIP() << "no ImageNet bundle in the cache";
    ASSERT_OK_AND_ASSIGN(bundle_, ModelBundle::Load(folder));
    golden_ = Json::parse(testing::ReadFileOrFail(
        absl::StrCat(testing::SourceDir(), "/tests/unit/embed/golden.json")));
  }

  TorchEmbedderOptions Options() const {
    return {.precision = Precision::kFloat32, .fused_kernels = GetParam()};
  }

  // Compares all that is known of one picture.
  void Check(const Json& row, const Image& pixels) {
    SCOPED_TRACE(row["name"].get<std::string>());
    ASSERT_EQ(ToHex(Sha256(absl::string_view(
                  reinterpret_cast<const char*>(pixels.data()),
                  pixels.size_bytes()))),
              row["pixels_sha256"].get<std::string>())
        << "the input differs, so the comparison would mean nothing";
    std::vector<NetworkInput> batch;
    batch.push_back({pixels.Clone(), {}});
    ASSERT_OK_AND_ASSIGN(const auto logits,
                         ComputeLogits(bundle_, Options(), batch));
    ExpectNear(logits[0], row["logits_10th"], 10, kLogitTolerance);
    EXPECT_EQ(TopFive(logits[0]), row["top5"].get<std::vector<int>>());

    ASSERT_OK_AND_ASSIGN(const auto embedder,
                         MakeTorchEmbedder(bundle_, Options()));
    ASSERT_OK_AND_ASSIGN(const auto embeddings, embedder->Embed(batch));
    ExpectNear(embeddings[0].vectors[Space::kSimilar], row["mean_16th"], 16,
               kUnitTolerance);
    ExpectNear(embeddings[0].vectors[Space::kCopy], row["max_16th"], 16,
               kUnitTolerance);
  }

  ModelBundle bundle_;
  Json golden_;
};

TEST_P(GoldenTest, AgreesWithTheReferenceOnPatterns) {
  for (int k = 0; k < 4; ++k) {
    const Json& row = golden_[k];
    ASSERT_EQ(row["name"], absl::StrCat("pattern ", k));
    Check(row, Pattern(k));
  }
}

TEST_P(GoldenTest, AgreesWithTheReferenceOnTenPictures) {
  const std::string data = testing::TestDataDir();
  if (data.empty()) GTEST_SKIP() << "no test pictures";
  int pictures = 0;
  for (const Json& row : golden_) {
    const std::string name = row["name"].get<std::string>();
    if (!absl::EndsWith(name, ".jpg")) continue;
    Check(row, Middle(DecodeFile(absl::StrCat(data, "/", name))));
    ++pictures;
  }
  EXPECT_EQ(pictures, 10);
}

INSTANTIATE_TEST_SUITE_P(Kernels, GoldenTest, ::testing::Bool(),
                         [](const auto& test) {
                           return test.param ? "Fused" : "Plain";
                         });

// Classes of ImageNet-1k by their usual numbers.
TEST(TopFiveTest, NamesWhatIsOnTheIconicPictures) {
  const std::string folder = testing::ImageNetBundleFolder();
  if (folder.empty()) GTEST_SKIP() << "no ImageNet bundle in the cache";
  const std::string data = testing::TestDataDir();
  if (data.empty()) GTEST_SKIP() << "no test pictures";
  ASSERT_OK_AND_ASSIGN(const ModelBundle bundle, ModelBundle::Load(folder));
  const std::map<std::string, int> classes = {
      {"Fruit/Apple/Granny-Smith/Granny-Smith", 948},  // Granny Smith
      {"Fruit/Banana/Banana", 954},                    // banana
      {"Fruit/Lemon/Lemon", 951},                      // lemon
      {"Fruit/Pomegranate/Pomegranate", 957},          // pomegranate
      {"Fruit/Satsumas/Satsumas", 950},                // orange
      {"Vegetables/Cabbage/Cabbage", 936},             // head cabbage
      {"Vegetables/Cucumber/Cucumber", 943},           // cucumber
      {"Vegetables/Zucchini/Zucchini", 939},           // zucchini
      {"Vegetables/Pepper/Green-Bell-Pepper/Green-Bell-Pepper", 945},
      {"Vegetables/Pepper/Red-Bell-Pepper/Red-Bell-Pepper", 945},
      {"Vegetables/Pepper/Yellow-Bell-Pepper/Yellow-Bell-Pepper", 945},
  };
  std::vector<NetworkInput> batch;
  for (const auto& [name, number] : classes) {
    const std::string path =
        absl::StrCat(data, "/grocery/iconic/", name, "_Iconic.jpg");
    ASSERT_OK_AND_ASSIGN(PreparedPicture prepared,
                         PreparePicture(testing::ReadFileOrFail(path),
                                        {.input_side = bundle.input_side,
                                         .fit = bundle.fit,
                                         .limits = {}}));
    batch.push_back(std::move(prepared.input));
  }
  ASSERT_OK_AND_ASSIGN(const auto logits, ComputeLogits(bundle, {}, batch));
  size_t i = 0;
  for (const auto& [name, number] : classes) {
    EXPECT_THAT(TopFive(logits[i++]), ::testing::Contains(number)) << name;
  }
}

}  // namespace
}  // namespace likeness
