// What a sealed index says when its file is not what was written.
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/checksum.h"
#include "engine/index/sealed_index.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/index/clustered.h"

namespace likeness {
namespace {

using ::likeness::testing::ClusteredVectors;
using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::RowsOf;
using ::likeness::testing::TempDir;

constexpr size_t kDamagedWidth = 20;

// A section as docs/storage_format.md places it.
struct Place {
  std::string name;
  uint64_t offset;
  uint64_t bytes;
};

class SealedDamageTest : public ::testing::TestWithParam<IndexKind> {
 protected:
  void SetUp() override {
    std::vector<float> vectors = ClusteredVectors(300, kDamagedWidth, 1);
    // Twins, so that their section is not empty.
    std::copy_n(vectors.begin(), kDamagedWidth, vectors.end() - kDamagedWidth);
    ASSERT_OK(BuildIndexFile(
        RowsOf(vectors, kDamagedWidth),
        {.kind = GetParam(), .code = VectorCode::kInt8, .m = 4}, path_));
    std::ifstream file(path_, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
  }

  std::vector<Place> Places() const {
    std::vector<Place> places;
    for (const char* name : {"rows", "codes", "links", "levels", "twins",
                             "tuning", "lists", "centroids", "reach"}) {
      Place& place = places.emplace_back();
      place.name = name;
      const char* entry = bytes_.data() + 56 + 24 * (places.size() - 1);
      std::memcpy(&place.offset, entry, 8);
      std::memcpy(&place.bytes, entry + 8, 8);
    }
    return places;
  }

  absl::Status OpenWith(const std::string& bytes,
                        const IndexOpenOptions& options = {}) const {
    std::ofstream(path_, std::ios::binary) << bytes;
    return OpenIndexFile(path_, options).status();
  }

  std::string Flipped(uint64_t at) const {
    std::string damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    return damaged;
  }

  const TempDir dir_;
  const std::string path_ = dir_.path() + "/index";
  std::string bytes_;
};

TEST_P(SealedDamageTest, AFlippedBitIsFoundAndItsSectionNamed) {
  size_t sections = 0;
  for (const Place& place : Places()) {
    if (place.bytes == 0) continue;  // Of the other kind.
    ++sections;
    for (const uint64_t at : {uint64_t{0}, place.bytes / 2, place.bytes - 1}) {
      const absl::Status status = OpenWith(Flipped(place.offset + at));
      EXPECT_THAT(status, Fails(absl::StatusCode::kDataLoss,
                                path_ + ": section " + place.name));
      EXPECT_THAT(status, HasReason(kReasonCorruptData));
    }
  }
  EXPECT_EQ(sections, GetParam() == IndexKind::kHnsw ? 7U : 6U);
}

TEST_P(SealedDamageTest, AFlippedBitOfTheHeaderIsFound) {
  for (uint64_t at = 0; at < 56 + 24 * 9 + 8; ++at) {
    const absl::Status status = OpenWith(Flipped(at));
    if (at >= 8 && at < 12) continue;  // The version, which may be newer.
    EXPECT_THAT(status, Fails(absl::StatusCode::kDataLoss, path_)) << at;
  }
}

TEST_P(SealedDamageTest, ANewerFormatIsRefusedByItsNumber) {
  std::string newer = bytes_;
  newer[8] = 4;
  EXPECT_THAT(OpenWith(newer),
              Fails(absl::StatusCode::kFailedPrecondition, "format version 4"));
}

// The first had the first six sections only, and no lists; the second eight.
TEST_P(SealedDamageTest, OlderFormatsAreRead) {
  for (const auto& [version, sections] :
       {std::pair<char, size_t>{1, 6}, {2, 8}}) {
    const size_t end = 56 + 24 * sections;
    std::string older = bytes_;
    if (GetParam() == IndexKind::kHnsw) older.resize(Places().back().offset);
    older[8] = version;
    older[12] = static_cast<char>(sections);
    const uint64_t checksum = Checksum64(older.substr(0, end));
    std::memcpy(&older[end], &checksum, sizeof(checksum));
    if (GetParam() == IndexKind::kHnsw || version == 2) {
      EXPECT_OK(OpenWith(older));
    } else {
      EXPECT_THAT(OpenWith(older), HasCode(absl::StatusCode::kDataLoss));
    }
    ++older[end];
    EXPECT_THAT(OpenWith(older), Fails(absl::StatusCode::kDataLoss, "header"));
  }
}

TEST_P(SealedDamageTest, AFileThatWasCutOffIsFound) {
  for (const size_t length :
       {size_t{0}, size_t{7}, size_t{200}, size_t{4096}, size_t{5000},
        bytes_.size() / 2, bytes_.size() - 1}) {
    EXPECT_THAT(OpenWith(bytes_.substr(0, length)),
                Fails(absl::StatusCode::kDataLoss, path_))
        << length;
  }
  EXPECT_THAT(OpenWith(bytes_ + "x"),
              Fails(absl::StatusCode::kDataLoss, "instead of"));
}

TEST_P(SealedDamageTest, WhatIsOnlyMappedIsCheckedWhenAsked) {
  const std::string damaged = Flipped(Places()[0].offset + 9);
  EXPECT_THAT(OpenWith(damaged, {.verify_mapped = true}),
              HasCode(absl::StatusCode::kDataLoss));
  EXPECT_OK(OpenWith(damaged, {.verify_mapped = false}));
}

TEST_P(SealedDamageTest, OtherFilesAreNoIndex) {
  EXPECT_THAT(OpenWith(std::string(10'000, 'x')),
              Fails(absl::StatusCode::kDataLoss, "no index file"));
  EXPECT_THAT(OpenIndexFile(dir_.path() + "/none"),
              HasCode(absl::StatusCode::kNotFound));
  EXPECT_FALSE(OpenIndexFile(dir_.path()).ok());
}

INSTANTIATE_TEST_SUITE_P(Kinds, SealedDamageTest,
                         ::testing::Values(IndexKind::kHnsw, IndexKind::kIvf),
                         [](const auto& test) {
                           return std::string(IndexKindName(test.param));
                         });

}  // namespace
}  // namespace likeness
