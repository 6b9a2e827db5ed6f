// Precision::kAuto and bfloat16 with the real network.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/distance.h"
#include "engine/embed/cpu_features.h"
#include "engine/embed/precision.h"
#include "engine/embed/torch_embedder.h"
#include "engine/image/prepare.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/embed/imagenet_bundle.h"

namespace likeness {
namespace {

constexpr size_t kPhotographs = 500;
constexpr size_t kBatch = 20;

class PrecisionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = testing::ImageNetBundleFolder();
    if (folder.empty()) GTEST_SKIP() << "no ImageNet bundle in the cache";
    ASSERT_OK_AND_ASSIGN(bundle_, ModelBundle::Load(folder));
  }

  std::unique_ptr<Embedder> Make(Precision precision) {
    auto made = MakeTorchEmbedder(bundle_, {.precision = precision});
    EXPECT_OK(made);
    return *std::move(made);
  }

  ModelBundle bundle_;
};

TEST_F(PrecisionTest, AutoIsFloat32ToTheBitWhereTheCpuHasNoBfloat16) {
  if (CpuHasBfloat16()) GTEST_SKIP() << "this CPU has bfloat16";
  const auto probes = ProbePictures(bundle_.input_side);
  ASSERT_OK_AND_ASSIGN(const auto float32,
                       Make(Precision::kFloat32)->Embed(probes));
  ASSERT_OK_AND_ASSIGN(const auto automatic,
                       Make(Precision::kAuto)->Embed(probes));
  for (size_t i = 0; i < probes.size(); ++i) {
    EXPECT_EQ(automatic[i].vectors, float32[i].vectors) << i;
  }
}

TEST_F(PrecisionTest, AutoAgreesWithFloat32OnAnyCpu) {
  EXPECT_TRUE(Agree(*Make(Precision::kFloat32), *Make(Precision::kAuto)));
}

// Paths of kPhotographs pictures, evenly over all that there are; fewer when
// there are fewer.
std::vector<std::string> Photographs() {
  std::vector<std::string> all;
  for (const char* folder : {"clothing/train", "grocery/train"}) {
    const std::string root = absl::StrCat(testing::TestDataDir(), "/", folder);
    if (!std::filesystem::is_directory(root)) return {};
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() == ".jpg") all.push_back(entry.path());
    }
  }
  std::sort(all.begin(), all.end());
  std::vector<std::string> chosen;
  const size_t count = std::min(all.size(), kPhotographs);
  for (size_t i = 0; i < count; ++i) {
    chosen.push_back(all[i * all.size() / count]);
  }
  return chosen;
}

std::vector<NetworkInput> Prepare(absl::Span<const std::string> paths,
                                  const ModelInfo& model) {
  std::vector<NetworkInput> inputs;
  for (const std::string& path : paths) {
    auto prepared = PreparePicture(
        testing::ReadFileOrFail(path),
        {.input_side = model.input_side, .fit = model.fit, .limits = {}});
    EXPECT_OK(prepared) << path;
    if (prepared.ok()) inputs.push_back(std::move(prepared->input));
  }
  return inputs;
}

TEST_F(PrecisionTest, Bfloat16AgreesWithFloat32OnPhotographs) {
  if (!CpuHasBfloat16()) {
    GTEST_SKIP() << "this CPU has no bfloat16: its emulation proves nothing";
  }
  const std::vector<std::string> paths = Photographs();
  if (paths.size() < kPhotographs) {
    GTEST_SKIP() << "needs " << kPhotographs
                 << " pictures of clothing and grocery, found " << paths.size();
  }
  const auto float32 = Make(Precision::kFloat32);
  const auto bfloat16 = Make(Precision::kBfloat16);
  PerSpace<float> smallest;
  for (const Space space : kAllSpaces) smallest[space] = 1;
  for (size_t first = 0; first < paths.size(); first += kBatch) {
    const auto some = absl::MakeConstSpan(paths).subspan(first, kBatch);
    const auto inputs = Prepare(some, float32->model());
    ASSERT_EQ(inputs.size(), some.size());
    ASSERT_OK_AND_ASSIGN(const auto exact, float32->Embed(inputs));
    ASSERT_OK_AND_ASSIGN(const auto fast, bfloat16->Embed(inputs));
    for (size_t i = 0; i < some.size(); ++i) {
      for (const Space space : kAllSpaces) {
        const float cosine =
            CosineSimilarity(exact[i].vectors[space], fast[i].vectors[space]);
        EXPECT_GE(cosine, kMinAgreement) << some[i] << " " << SpaceName(space);
        smallest[space] = std::min(smallest[space], cosine);
      }
    }
  }
  for (const Space space : kAllSpaces) {
    RecordProperty(
        absl::StrCat("smallest_cosine_", std::string(SpaceName(space))),
        absl::StrCat(smallest[space]));
  }
}

}  // namespace
}  // namespace likeness
