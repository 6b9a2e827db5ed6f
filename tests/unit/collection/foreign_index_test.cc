// A sound index file that is not of the collection it lies in.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "engine/collection/verify_directory.h"
#include "engine/core/error.h"
#include "engine/index/sealed_index.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::FilesBelow;
using ::likeness::testing::HasReason;
using ::likeness::testing::kSimilarDimensions;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::TempDir;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;

constexpr int kItems = 60;

TEST(ForeignIndexTest, OfOtherDimensionsIsNamedAndBuiltAnew) {
  const TempDir dir;
  {
    const auto opened = OpenTestCollection(dir.path());
    for (int id = 0; id < kItems; ++id) {
      ASSERT_OK(opened.collection->Upsert({VersionedPut(absl::StrCat(id), 1)}));
    }
    ASSERT_OK(opened.collection->Compact());
  }
  const std::string path = FilesBelow(dir.path(), ".similar.index").at(0);
  size_t rows = 0;
  {
    ASSERT_OK_AND_ASSIGN(const auto index, OpenIndexFile(path));
    rows = index->size();
  }
  const auto ones = [](size_t /*first*/, absl::Span<float> out) {
    std::fill(out.begin(), out.end(), 1.0F);
    return absl::OkStatus();
  };
  ASSERT_OK(BuildIndexFile({rows, kSimilarDimensions + 1, ones},
                           {.kind = IndexKind::kFlat}, path));
  ASSERT_OK_AND_ASSIGN(const VerifyReport report, VerifyDirectory(dir.path()));
  ASSERT_FALSE(report.ok());
  EXPECT_THAT(report.problems().at(0).what, ::testing::HasSubstr(path));

  const auto opened = OpenTestCollection(dir.path());
  const absl::Status why = opened.collection->stats().opened;
  EXPECT_THAT(why, Fails(absl::StatusCode::kDataLoss, path));
  EXPECT_THAT(why,
              Fails(absl::StatusCode::kDataLoss,
                    absl::StrCat("it is of ", kSimilarDimensions + 1,
                                 " dimensions, not ", kSimilarDimensions)));
  EXPECT_THAT(why, HasReason(kReasonCorruptData));
  for (int id = 0; id < kItems; ++id) {
    SearchRequest request;
    request.k = 1;
    request.target = VersionedVector(Space::kSimilar, absl::StrCat(id), 1);
    ASSERT_OK_AND_ASSIGN(const auto found, opened.collection->Search(request));
    ASSERT_EQ(found.hits.size(), 1U);
    EXPECT_EQ(found.hits[0].id, absl::StrCat(id));
  }
}

}  // namespace
}  // namespace likeness
