#include "server/request_checks.h"

#include <utility>

#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "server/reasons.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;
using testing::HasCode;
using testing::HasReason;
using testing::IsOk;

TEST(RequestChecksTest, AModelMismatchNamesBothModels) {
  CollectionSpec spec;
  spec.name = "shop";
  spec.model_id = "aaa";
  ModelInfo model;
  model.id = "bbb";
  const absl::Status status = CheckTakesPictures(spec, model, "picture");
  EXPECT_THAT(status, Fails(absl::StatusCode::kFailedPrecondition, "aaa"));
  EXPECT_THAT(status, Fails(absl::StatusCode::kFailedPrecondition, "bbb"));
  EXPECT_THAT(status, HasReason(kReasonModelMismatch));
  model.id = "aaa";
  EXPECT_THAT(CheckTakesPictures(spec, model, "picture"), IsOk());
}

TEST(RequestChecksTest, APageHasAHundredEntriesOrAsManyAsAskedFor) {
  for (const auto& [asked, size] :
       {std::pair(0, 100), std::pair(1, 1), std::pair(1000, 1000)}) {
    ASSERT_OK_AND_ASSIGN(const int answered, PageSize(asked));
    EXPECT_EQ(answered, size);
  }
  EXPECT_THAT(PageSize(-1), BlamesField("page_size"));
  EXPECT_THAT(PageSize(1001), BlamesField("page_size"));
}

TEST(RequestChecksTest, PicturesAndOwnVectorsDoNotMix) {
  CollectionSpec pictures;
  pictures.model_id = "aaa";
  EXPECT_THAT(CheckTakesVectors(pictures, "vectors"),
              HasReason(kReasonModelMismatch));
  const CollectionSpec vectors;
  EXPECT_THAT(CheckTakesVectors(vectors, "vectors"), IsOk());
  ModelInfo model;
  model.id = "aaa";
  EXPECT_THAT(CheckTakesPictures(vectors, model, "picture"),
              HasReason(kReasonModelMismatch));
}

TEST(RequestChecksTest, ABadPictureIsTheCallersFaultWhateverItsCode) {
  const absl::Status damaged =
      WithReason(absl::DataLossError("cut short"), kReasonCorruptPicture);
  const absl::Status blamed = BlamePicture(damaged, "picture_b");
  EXPECT_THAT(blamed, Fails(absl::StatusCode::kInvalidArgument,
                            "picture_b: cut short"));
  EXPECT_THAT(blamed, BlamesField("picture_b"));
  EXPECT_THAT(blamed, HasReason(kReasonCorruptPicture));
}

TEST(RequestChecksTest, AFaultOfTheEngineStaysOne) {
  EXPECT_THAT(BlamePicture(absl::InternalError("bug"), "picture"),
              Fails(absl::StatusCode::kInternal, "bug"));
  EXPECT_THAT(BlamePicture(absl::OkStatus(), "picture"), IsOk());
}

TEST(RequestChecksTest, OnlyNotFoundIsBlamedOnTheName) {
  const absl::Status missing =
      BlameMissing(absl::NotFoundError("no 'x'"), kReasonItemNotFound, "id");
  EXPECT_THAT(missing, HasReason(kReasonItemNotFound));
  EXPECT_THAT(missing, BlamesField("id"));
  const absl::Status other =
      BlameMissing(absl::InternalError("bug"), kReasonItemNotFound, "id");
  EXPECT_THAT(other, HasCode(absl::StatusCode::kInternal));
  EXPECT_THAT(other, HasReason(""));
}

}  // namespace
}  // namespace likeness
