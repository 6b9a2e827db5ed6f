#include "engine/train/batch_loader.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::PatchworkJpeg;
using ::likeness::testing::TempDir;
using ::testing::HasSubstr;

constexpr int kSide = 24;

class BatchLoaderTest : public ::testing::Test {
 protected:
  // `classes` classes of `pictures` pictures each, or without a class.
  DataSet MakeData(const std::string& name, int classes, int pictures) {
    DataSet data;
    data.name = name;
    for (int c = 0; c < std::max(1, classes); ++c) {
      if (classes > 0) {
        data.classes.push_back(absl::StrCat("c", c));
        data.class_groups.emplace_back();
      }
      for (int i = 0; i < pictures; ++i) {
        Sample sample;
        sample.path = dir_.File(absl::StrCat(name, c, "-", i, ".jpg"));
        sample.label = classes > 0 ? c : -1;
        std::ofstream(sample.path, std::ios::binary)
            << PatchworkJpeg(++seed_, 40);
        data.samples.push_back(std::move(sample));
      }
    }
    return data;
  }

  static void Break(const Sample& sample) {
    std::ofstream(sample.path) << "no picture";
  }

  static Stream ClassStream(const DataSet& data, const ViewRecipe& recipe) {
    Stream stream = {&data, AllSamples(data), nullptr, recipe};
    stream.sampler = *MakeClassBatchSampler(
        data, stream.samples, {.classes = 2, .pictures = 2, .always_group = ""},
        5);
    return stream;
  }

  static Stream InstanceStream(const DataSet& data, const ViewRecipe& recipe) {
    Stream stream = {&data, AllSamples(data), nullptr, recipe};
    stream.sampler = *MakeInstanceSampler(data, stream.samples,
                                          {.pictures = 3, .views = 2}, 6);
    return stream;
  }

  static LoaderOptions Options(int workers, int prefetch = 2) {
    return {.seed = 9, .side = kSide, .workers = workers, .prefetch = prefetch};
  }

  TempDir dir_;
  uint32_t seed_ = 0;
  PixelCache cache_{{.max_bytes = 1 << 24, .min_side = 32, .limits = {}}};
};

// All that a batch is, to compare.
std::string Fingerprint(const LoadedBatch& batch) {
  std::string text = absl::StrCat(batch.step, ":");
  for (size_t i = 0; i < batch.views.size(); ++i) {
    absl::StrAppend(&text, batch.labels[i], ",", batch.instances[i], ",",
                    batch.streams[i], ",", batch.samples[i], ",");
    text.append(reinterpret_cast<const char*>(batch.views[i].data()),
                batch.views[i].size_bytes());
  }
  return text;
}

TEST_F(BatchLoaderTest, PutsStreamsOneBehindTheOther) {
  const DataSet named = MakeData("named", 4, 3);
  const DataSet plain = MakeData("plain", 0, 7);
  ASSERT_OK_AND_ASSIGN(const auto loader,
                       BatchLoader::Make({ClassStream(named, ProductViews()),
                                          InstanceStream(plain, CopyViews())},
                                         cache_, Options(1)));
  EXPECT_EQ(loader->num_classes(), 4);
  ASSERT_OK_AND_ASSIGN(const LoadedBatch batch, loader->Next());
  EXPECT_EQ(batch.step, 0);
  EXPECT_EQ(batch.streams, (std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1, 1, 1}));
  ASSERT_EQ(batch.views.size(), 10U);
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(batch.views[i].size_bytes(), 3U * kSide * kSide);
    const bool first = i < 4;
    const DataSet& data = first ? named : plain;
    EXPECT_EQ(batch.labels[i], data.samples[batch.samples[i]].label);
    EXPECT_EQ(batch.instances[i],
              static_cast<int64_t>(batch.samples[i]) + (first ? 0 : 12));
  }
  EXPECT_EQ(batch.instances[4], batch.instances[5]);
  EXPECT_NE(batch.views[4].bytes(), batch.views[5].bytes());
  EXPECT_EQ(batch.replaced, 0);
}

TEST_F(BatchLoaderTest, NumbersTheClassesInUseWithoutGaps) {
  const DataSet one = MakeData("one", 5, 2);
  const DataSet two = MakeData("two", 3, 2);
  // Classes 1, 3 and 4 of the first set, shared by two streams.
  Stream some = {&one, {2, 3, 6, 7, 8, 9}, nullptr, {}};
  some.sampler = *MakeClassBatchSampler(
      one, some.samples, {.classes = 3, .pictures = 1, .always_group = ""}, 1);
  ASSERT_OK_AND_ASSIGN(const auto loader,
                       BatchLoader::Make({some, some, ClassStream(two, {})},
                                         cache_, Options(1)));
  EXPECT_EQ(loader->num_classes(), 6);
  ASSERT_OK_AND_ASSIGN(const LoadedBatch batch, loader->Next());
  for (size_t i = 0; i < 6; ++i) {
    // Samples 2 and 3 are of class 1, the first in use.
    const int expected = batch.samples[i] < 4   ? 0
                         : batch.samples[i] < 8 ? 1
                                                : 2;
    EXPECT_EQ(batch.labels[i], expected);
  }
  for (size_t i = 6; i < 10; ++i) EXPECT_GE(batch.labels[i], 3);
}

TEST_F(BatchLoaderTest, TurnedClassesAreShownTurned) {
  const DataSet data = MakeData("turned", 2, 1);
  Stream stream = {&data, AllSamples(data), nullptr, {}};
  stream.sampler = *MakeClassBatchSampler(data, stream.samples,
                                          {.classes = 8,
                                           .pictures = 1,
                                           .always_group = "",
                                           .rotated_classes = true},
                                          1);
  ASSERT_OK_AND_ASSIGN(const auto loader,
                       BatchLoader::Make({stream}, cache_, Options(1)));
  EXPECT_EQ(loader->num_classes(), 8);
  ASSERT_OK_AND_ASSIGN(const LoadedBatch batch, loader->Next());
  std::map<int, size_t> places;
  for (size_t i = 0; i < 8; ++i) places[batch.labels[i]] = i;
  ASSERT_EQ(places.size(), 8U);
  EXPECT_EQ(std::set(batch.instances.begin(), batch.instances.end()).size(),
            8U);
  // Upright classes come first; a view of half a turn later runs backwards.
  for (int label = 0; label < 2; ++label) {
    EXPECT_EQ(batch.samples[places.at(label)], static_cast<size_t>(label));
    const Image& upright = batch.views[places.at(label)];
    const Image& turned = batch.views[places.at(label + 4)];
    const size_t last = upright.size_bytes() - 3;
    for (size_t i = 0; i < upright.size_bytes(); ++i) {
      ASSERT_NEAR(upright.data()[i], turned.data()[last - i + 2 * (i % 3)], 1);
    }
  }
}

TEST_F(BatchLoaderTest, WorkersAndPrefetchChangeNothing) {
  const DataSet named = MakeData("named", 4, 3);
  const DataSet plain = MakeData("plain", 0, 7);
  Break(named.samples[4]);
  std::vector<std::vector<std::string>> runs;
  for (const auto& [workers, prefetch] :
       {std::pair(1, 1), std::pair(3, 2), std::pair(3, 8)}) {
    // A cache that holds next to nothing must not matter either.
    PixelCache small({.max_bytes = 8000, .min_side = 32, .limits = {}});
    ASSERT_OK_AND_ASSIGN(const auto loader,
                         BatchLoader::Make({ClassStream(named, ProductViews()),
                                            InstanceStream(plain, CopyViews())},
                                           workers == 1 ? cache_ : small,
                                           Options(workers, prefetch)));
    std::vector<std::string>& run = runs.emplace_back();
    for (int i = 0; i < 12; ++i) {
      ASSERT_OK_AND_ASSIGN(const LoadedBatch batch, loader->Next());
      EXPECT_EQ(batch.step, i);
      run.push_back(Fingerprint(batch));
    }
  }
  EXPECT_TRUE(runs[0] == runs[1]);
  EXPECT_TRUE(runs[0] == runs[2]);
  EXPECT_EQ(std::set(runs[0].begin(), runs[0].end()).size(), 12U);
}

TEST_F(BatchLoaderTest, AnyStepCanBeAskedFor) {
  const DataSet data = MakeData("set", 3, 3);
  const std::vector<Stream> streams = {ClassStream(data, ProductViews())};
  ASSERT_OK_AND_ASSIGN(const auto loader,
                       BatchLoader::Make(streams, cache_, Options(2, 4)));
  std::vector<std::string> batches;
  for (int i = 0; i < 6; ++i) {
    ASSERT_OK_AND_ASSIGN(const LoadedBatch batch, loader->Next());
    batches.push_back(Fingerprint(batch));
  }
  // As a resumed run does, then back.
  for (const int64_t step : {4, 5, 1, 1, 2, 0}) {
    ASSERT_OK_AND_ASSIGN(const LoadedBatch batch, loader->Load(step));
    EXPECT_TRUE(Fingerprint(batch) == batches[static_cast<size_t>(step)]);
  }
  ASSERT_OK_AND_ASSIGN(const LoadedBatch next, loader->Next());
  EXPECT_EQ(next.step, 1);
  EXPECT_THAT(loader->Load(-1), BlamesField("step"));
}

TEST_F(BatchLoaderTest, BrokenPicturesAreReplacedByOneOfTheirClassAndTold) {
  const DataSet data = MakeData("set", 2, 3);
  Break(data.samples[1]);
  Break(data.samples[2]);
  ASSERT_OK_AND_ASSIGN(
      const auto loader,
      BatchLoader::Make({ClassStream(data, {})}, cache_, Options(2)));
  int replaced = 0;
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK_AND_ASSIGN(const LoadedBatch batch, loader->Next());
    replaced += batch.replaced;
    for (size_t k = 0; k < batch.views.size(); ++k) {
      if (batch.labels[k] != 0) continue;
      EXPECT_EQ(batch.samples[k], 0U);
      EXPECT_EQ(batch.instances[k], 0);
    }
  }
  EXPECT_GT(replaced, 20);
  const std::vector<BrokenPicture> broken = loader->broken();
  ASSERT_EQ(broken.size(), 2U);
  EXPECT_EQ(broken[0].path, data.samples[1].path);
  EXPECT_GT(broken[0].times, 0);
  EXPECT_THAT(broken[0].status.ToString(), HasSubstr("set0-1.jpg"));
}

TEST_F(BatchLoaderTest, BothViewsOfABrokenPictureShowTheSameOther) {
  const DataSet data = MakeData("set", 0, 3);
  Break(data.samples[2]);
  ASSERT_OK_AND_ASSIGN(
      const auto loader,
      BatchLoader::Make({InstanceStream(data, {})}, cache_, Options(1)));
  ASSERT_OK_AND_ASSIGN(const LoadedBatch batch, loader->Next());
  EXPECT_EQ(batch.replaced, 2);
  for (size_t i = 0; i < 6; i += 2) {
    EXPECT_EQ(batch.samples[i], batch.samples[i + 1]);
    EXPECT_NE(batch.samples[i], 2U);
  }
}

TEST_F(BatchLoaderTest, AClassWithoutAnyPictureIsAnError) {
  const DataSet data = MakeData("set", 2, 2);
  Break(data.samples[2]);
  Break(data.samples[3]);
  ASSERT_OK_AND_ASSIGN(
      const auto loader,
      BatchLoader::Make({ClassStream(data, {})}, cache_, Options(2)));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(loader->Next(), Fails(absl::StatusCode::kInvalidArgument,
                                      "no picture in its place"));
  }
}

TEST_F(BatchLoaderTest, StopsWithoutBeingRead) {
  const DataSet data = MakeData("set", 2, 2);
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK_AND_ASSIGN(const auto loader,
                         BatchLoader::Make({ClassStream(data, CopyViews())},
                                           cache_, Options(3, 50)));
    if (i % 2 == 0) {
      EXPECT_OK(loader->Next());
    }
  }
}

TEST_F(BatchLoaderTest, RefusesBadOptions) {
  const DataSet data = MakeData("set", 2, 2);
  const Stream good = ClassStream(data, {});
  EXPECT_THAT(BatchLoader::Make({}, cache_, Options(1)),
              BlamesField("streams"));
  EXPECT_THAT(BatchLoader::Make({good}, cache_, Options(0)),
              BlamesField("workers"));
  EXPECT_THAT(BatchLoader::Make({good}, cache_, Options(1, 0)),
              BlamesField("prefetch"));
  EXPECT_THAT(BatchLoader::Make({good}, cache_, {.side = 0}),
              BlamesField("side"));
  Stream empty = good;
  empty.samples.clear();
  EXPECT_THAT(BatchLoader::Make({good, empty}, cache_, Options(1)),
              BlamesField("streams[1]"));
  Stream loud = good;
  loud.recipe[Transform::kNoise] = {2, 0, 0};
  EXPECT_THAT(BatchLoader::Make({loud}, cache_, Options(1)),
              BlamesField("streams[0].recipe.noise.probability"));
}

}  // namespace
}  // namespace likeness
