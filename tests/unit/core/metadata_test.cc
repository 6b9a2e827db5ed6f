#include "engine/core/metadata.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;

TEST(ValidateMetadataTest, CountsFieldsAndBytes) {
  Metadata metadata;
  for (size_t i = 0; i < kMaxMetadataFields; ++i) {
    metadata[absl::StrCat("field", i)] = int64_t{1};
  }
  EXPECT_OK(ValidateMetadata(metadata));
  metadata["one more"] = true;
  EXPECT_THAT(ValidateMetadata(metadata),
              Fails(absl::StatusCode::kInvalidArgument, "128"));

  metadata.clear();
  metadata["x"] = std::string(kMaxMetadataBytes - 1, 'x');
  EXPECT_OK(ValidateMetadata(metadata));
  metadata["x"] = std::string(kMaxMetadataBytes, 'x');
  EXPECT_THAT(ValidateMetadata(metadata), BlamesField("metadata"));
  metadata["x"] = std::vector<std::string>(kMaxMetadataBytes);
  EXPECT_THAT(ValidateMetadata(metadata), BlamesField("metadata"));
}

TEST(ValidateMetadataTest, RefusesWhatCantBeStoredOrCompared) {
  EXPECT_THAT(ValidateMetadata({{"", true}}), BlamesField("metadata"));
  EXPECT_THAT(ValidateMetadata({{std::string(129, 'n'), true}}),
              BlamesField("metadata"));
  EXPECT_THAT(ValidateMetadata({{"\xff", true}}), BlamesField("metadata"));
  EXPECT_THAT(ValidateMetadata({{"a", std::string("\xff")}}),
              BlamesField("metadata.a"));
  EXPECT_THAT(ValidateMetadata({{"a", std::vector<std::string>{"ok", "\xff"}}}),
              BlamesField("metadata.a"));
  EXPECT_THAT(
      ValidateMetadata({{"a", std::numeric_limits<double>::quiet_NaN()}}),
      BlamesField("metadata.a"));
  EXPECT_THAT(ValidateMetadata({{"a", absl::InfiniteFuture()}}),
              BlamesField("metadata.a"));
}

TEST(ValidateMetadataTest, RefusesTheNamesOfBuiltInFields) {
  EXPECT_THAT(ValidateMetadata({{"item.id", true}}),
              Fails(absl::StatusCode::kInvalidArgument, "item.id"));
  EXPECT_THAT(ValidateMetadata({{"picture.colour", true}}),
              BlamesField("metadata"));
  EXPECT_OK(ValidateMetadata({{"item", true}, {"pictures.a", true}}));
}

}  // namespace
}  // namespace likeness
