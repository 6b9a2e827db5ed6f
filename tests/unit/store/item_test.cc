#include "engine/store/item.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::Fails;
using ::likeness::testing::HasReason;

TEST(ValidateItemIdTest, TakesAnyTextOfOneTo512Bytes) {
  EXPECT_OK(ValidateItemId("a"));
  EXPECT_OK(ValidateItemId(std::string(512, 'x')));
  EXPECT_OK(ValidateItemId("/a b/\u00e4\u2603.jpg?q=1"));
}

TEST(ValidateItemIdTest, NamesTheFieldAndTheLimit) {
  EXPECT_THAT(ValidateItemId("", "item.id"), BlamesField("item.id"));
  EXPECT_THAT(ValidateItemId(std::string(513, 'x')),
              Fails(absl::StatusCode::kInvalidArgument, "512"));
  EXPECT_THAT(ValidateItemId("a\nb"), HasReason(kReasonInvalidField));
  EXPECT_THAT(ValidateItemId(std::string("a\0b", 3)), BlamesField("id"));
  EXPECT_THAT(ValidateItemId("\xc3\x28"), BlamesField("id"));
  EXPECT_THAT(ValidateItemId("a\x7f"), BlamesField("id"));
}

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

TEST(ValidateItemTest, ChecksSourceAndThumbnail) {
  Item item;
  item.id = "a";
  EXPECT_OK(ValidateItem(item));
  item.source = std::string(kMaxSourceBytes + 1, 's');
  EXPECT_THAT(ValidateItem(item), BlamesField("source"));
  item.source = "\xff";
  EXPECT_THAT(ValidateItem(item), BlamesField("source"));
  item.source.clear();
  item.thumbnail_jpeg = std::string(kMaxThumbnailBytes + 1, 't');
  EXPECT_THAT(ValidateItem(item), BlamesField("thumbnail"));
}

}  // namespace
}  // namespace likeness
