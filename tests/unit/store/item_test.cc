#include "engine/store/item.h"

#include <string>

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
