#include "engine/embed/torch_embedder.h"

#include <omp.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/core/distance.h"
#include "engine/embed/batching_embedder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/embed/imagenet_bundle.h"
#include "tests/unit/embed/test_inputs.h"

namespace likeness {
namespace {

using testing::Fails;
using testing::HasReason;
using testing::Picture;
using testing::Pictures;

constexpr TorchEmbedderOptions kPlain = {.precision = Precision::kFloat32,
                                         .fused_kernels = false};
constexpr TorchEmbedderOptions kFused = {.precision = Precision::kFloat32,
                                         .fused_kernels = true};

float LargestDifference(const Embedding& a, const Embedding& b) {
  float largest = 0;
  for (const Space space : kAllSpaces) {
    for (size_t i = 0; i < a.vectors[space].size(); ++i) {
      largest = std::max(largest,
                         std::abs(a.vectors[space][i] - b.vectors[space][i]));
    }
  }
  return largest;
}

class TorchEmbedderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = testing::ImageNetBundleFolder();
    if (folder.empty()) GTEST_SKIP() << "no ImageNet bundle in the cache";
    ASSERT_OK_AND_ASSIGN(bundle_, ModelBundle::Load(folder));
  }

  std::unique_ptr<Embedder> Make(const TorchEmbedderOptions& options) {
    auto made = MakeTorchEmbedder(bundle_, options);
    EXPECT_OK(made);
    return *std::move(made);
  }

  ModelBundle bundle_;
};

TEST_F(TorchEmbedderTest, VectorsHaveUnitLengthInBothSpaces) {
  const auto embedder = Make({});
  EXPECT_EQ(embedder->model().id, bundle_.id);
  EXPECT_EQ(embedder->model().input_side, 224);
  const auto pictures = Pictures(5);
  ASSERT_OK_AND_ASSIGN(const auto embeddings, embedder->Embed(pictures));
  ASSERT_EQ(embeddings.size(), pictures.size());
  for (size_t i = 0; i < embeddings.size(); ++i) {
    EXPECT_EQ(embeddings[i].hash, pictures[i].hash);
    for (const Space space : kAllSpaces) {
      const std::vector<float>& vector = embeddings[i].vectors[space];
      EXPECT_EQ(vector.size(),
                static_cast<size_t>(embedder->model().dimensions[space]));
      EXPECT_NEAR(
          std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0),
          1.0, 1e-5);
    }
    EXPECT_LT(CosineSimilarity(embeddings[i].vectors[Space::kSimilar],
                               embeddings[i].vectors[Space::kCopy]),
              0.999);
  }
}

TEST_F(TorchEmbedderTest, APictureGetsTheSameVectorAloneAndAnywhereInABatch) {
  for (const TorchEmbedderOptions& options : {kPlain, kFused}) {
    const auto embedder = Make(options);
    const auto pictures = Pictures(11);
    ASSERT_OK_AND_ASSIGN(const auto together, embedder->Embed(pictures));
    for (size_t i = 0; i < pictures.size(); ++i) {
      ASSERT_OK_AND_ASSIGN(
          const auto alone,
          embedder->Embed(absl::MakeConstSpan(pictures).subspan(i, 1)));
      EXPECT_LE(LargestDifference(alone[0], together[i]), 1e-5F) << i;
    }
  }
}

TEST_F(TorchEmbedderTest, FusedAndPlainAgree) {
  const auto pictures = Pictures(7);
  ASSERT_OK_AND_ASSIGN(const auto plain, Make(kPlain)->Embed(pictures));
  ASSERT_OK_AND_ASSIGN(const auto fused, Make(kFused)->Embed(pictures));
  for (size_t i = 0; i < pictures.size(); ++i) {
    EXPECT_LE(LargestDifference(plain[i], fused[i]), 1e-5F) << i;
  }
}

TEST_F(TorchEmbedderTest, ThreadsGetTheSameBitsAsOneCaller) {
  const auto embedder = Make({});
  const auto pictures = Pictures(4);
  ASSERT_OK_AND_ASSIGN(const auto expected, embedder->Embed(pictures));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < 3; ++round) {
        ASSERT_OK_AND_ASSIGN(const auto again, embedder->Embed(pictures));
        for (size_t i = 0; i < expected.size(); ++i) {
          EXPECT_EQ(again[i].vectors, expected[i].vectors);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(TorchEmbedderTest, LeavesTheCallersOpenMpThreadsAlone) {
  const auto embedder = Make({});
  omp_set_num_threads(7);
  const auto pictures = Pictures(1);
  EXPECT_OK(embedder->Embed(pictures));
  EXPECT_EQ(omp_get_max_threads(), 7);
}

TEST_F(TorchEmbedderTest, RefusesAnotherSizeAndAnswersAnEmptyBatch) {
  const auto embedder = Make({});
  std::vector<NetworkInput> pictures = Pictures(1);
  pictures.push_back(Picture(1, 192));
  EXPECT_THAT(embedder->Embed(pictures),
              Fails(absl::StatusCode::kInvalidArgument,
                    "picture 1 of the batch has 192x192"));
  ASSERT_OK_AND_ASSIGN(const auto none, embedder->Embed({}));
  EXPECT_TRUE(none.empty());
}

TEST_F(TorchEmbedderTest, TheVectorsOfBatchesAreTheSame) {
  ASSERT_OK_AND_ASSIGN(const auto embedder,
                       MakeBatchingEmbedder(Make({}), {.workers = 2}));
  const auto pictures = Pictures(6);
  ASSERT_OK_AND_ASSIGN(const auto batched, embedder->Embed(pictures));
  ASSERT_OK_AND_ASSIGN(const auto direct, Make({})->Embed(pictures));
  for (size_t i = 0; i < pictures.size(); ++i) {
    EXPECT_LE(LargestDifference(batched[i], direct[i]), 1e-5F) << i;
  }
}

struct Tensor {
  std::string name;
  std::vector<int64_t> shape;
  std::string data;
};

// The bundle's weights in F32, each passed through `edit` (false drops it),
// with `extra` added.
SafeTensors Edited(const SafeTensors& weights,
                   const std::function<bool(Tensor&)>& edit,
                   const std::vector<Tensor>& extra = {}) {
  std::vector<Tensor> tensors = extra;
  for (const std::string& name : weights.names()) {
    const TensorView view = *weights.Get(name);
    Tensor tensor{name, view.shape, std::string(view.data)};
    if (edit(tensor)) tensors.push_back(std::move(tensor));
  }
  std::vector<std::string> entries;
  std::string data;
  for (const Tensor& tensor : tensors) {
    entries.push_back(
        absl::StrCat("\"", tensor.name, "\":{\"dtype\":\"F32\",\"shape\":[",
                     absl::StrJoin(tensor.shape, ","), "],\"data_offsets\":[",
                     data.size(), ",", data.size() + tensor.data.size(), "]}"));
    data += tensor.data;
  }
  const std::string header =
      absl::StrCat("{", absl::StrJoin(entries, ","), "}");
  const uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  auto parsed = SafeTensors::Parse(absl::StrCat(bytes, header, data));
  EXPECT_OK(parsed);
  return *std::move(parsed);
}

TEST_F(TorchEmbedderTest, NamesTheTensorThatIsMissingMisshapenOrUnknown) {
  const auto load_with = [&](SafeTensors weights) {
    ModelBundle bundle = bundle_;
    bundle.weights = std::move(weights);
    return MakeTorchEmbedder(bundle, {});
  };
  const auto missing = load_with(Edited(bundle_.weights, [](Tensor& tensor) {
    return tensor.name != "blocks.7.expand.norm.running_var";
  }));
  EXPECT_THAT(missing, Fails(absl::StatusCode::kDataLoss,
                             "blocks.7.expand.norm.running_var"));
  EXPECT_THAT(missing, HasReason(kReasonCorruptData));

  EXPECT_THAT(load_with(Edited(bundle_.weights,
                               [](Tensor& tensor) {
                                 if (tensor.name == "stem.conv.weight") {
                                   tensor.shape = {3, 32, 3, 3};
                                 }
                                 return true;
                               })),
              Fails(absl::StatusCode::kDataLoss, "stem.conv.weight"));

  const Tensor stranger{"blocks.16.expand.conv.weight", {1}, "1234"};
  EXPECT_THAT(
      load_with(
          Edited(bundle_.weights, [](Tensor&) { return true; }, {stranger})),
      Fails(absl::StatusCode::kDataLoss, "blocks.16.expand.conv.weight"));

  // The classifier has no part in embedding.
  EXPECT_OK(load_with(Edited(bundle_.weights, [](Tensor& tensor) {
    return tensor.name.rfind("classifier.", 0) != 0;
  })));
}

TEST_F(TorchEmbedderTest, RefusesWhatItCannotRun) {
  ModelBundle other = bundle_;
  other.architecture = "resnet50";
  EXPECT_THAT(MakeTorchEmbedder(other, {}),
              Fails(absl::StatusCode::kUnimplemented, "resnet50"));
  other = bundle_;
  other.heads[Space::kCopy].pooling = "median";
  EXPECT_THAT(MakeTorchEmbedder(other, {}),
              Fails(absl::StatusCode::kUnimplemented, "median"));
  other = bundle_;
  other.heads[Space::kCopy].dimensions = 256;
  EXPECT_THAT(MakeTorchEmbedder(other, {}),
              Fails(absl::StatusCode::kDataLoss, "1280 dimensions, not 256"));
  other = bundle_;
  other.input_side = 225;
  EXPECT_THAT(MakeTorchEmbedder(other, {}),
              Fails(absl::StatusCode::kDataLoss, "225"));
}

TEST_F(TorchEmbedderTest, AProjectionIsALinearMapOfThePooledFeatures) {
  // Rows that pick features 3, 5 and 7 of the mean, and a bias.
  std::vector<float> weight(3 * 1280, 0.0F);
  for (int row = 0; row < 3; ++row) weight[row * 1280 + 3 + 2 * row] = 2.0F;
  const auto raw = [](const std::vector<float>& values) {
    return std::string(reinterpret_cast<const char*>(values.data()),
                       values.size() * sizeof(float));
  };
  const auto project = [&](const std::vector<float>& bias) {
    ModelBundle projected = bundle_;
    HeadSpec& head = projected.heads[Space::kSimilar];
    head = {.pooling = "gem",
            .gem_p = 1.0F,  // The mean.
            .dimensions = 3,
            .projection = "heads.similar"};
    projected.weights =
        Edited(bundle_.weights, [](Tensor&) { return true; },
               {{"heads.similar.weight", {3, 1280}, raw(weight)},
                {"heads.similar.bias", {3}, raw(bias)}});
    return MakeTorchEmbedder(projected, {});
  };
  const auto pictures = Pictures(2);
  ASSERT_OK_AND_ASSIGN(const auto whole, MakeTorchEmbedder(bundle_, {}));
  ASSERT_OK_AND_ASSIGN(const auto features, whole->Embed(pictures));
  ASSERT_OK_AND_ASSIGN(const auto picking, project({0, 0, 0}));
  EXPECT_EQ(picking->model().dimensions[Space::kSimilar], 3);
  ASSERT_OK_AND_ASSIGN(const auto picked, picking->Embed(pictures));
  ASSERT_OK_AND_ASSIGN(const auto biased, project({0, 1e6F, 0}));
  ASSERT_OK_AND_ASSIGN(const auto pulled, biased->Embed(pictures));
  for (size_t i = 0; i < pictures.size(); ++i) {
    const std::vector<float>& all = features[i].vectors[Space::kSimilar];
    const float length = std::hypot(all[3], all[5], all[7]);
    const std::vector<float>& three = picked[i].vectors[Space::kSimilar];
    ASSERT_EQ(three.size(), 3U);
    for (size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(three[k], all[3 + 2 * k] / length, 1e-4);
    }
    EXPECT_NEAR(pulled[i].vectors[Space::kSimilar][1], 1.0F, 1e-4);
  }
}

}  // namespace
}  // namespace likeness
