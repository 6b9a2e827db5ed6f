#include "engine/filter/built_in_fields.h"

#include "engine/filter/filter.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

BuiltInFacts Facts(const PictureFacts* picture) {
  BuiltInFacts facts;
  facts.id = "sku-1";
  facts.created = absl::FromUnixSeconds(10);
  facts.updated = absl::FromUnixSeconds(20);
  facts.picture = picture;
  return facts;
}

TEST(BuiltInFieldsTest, SayWhatThePictureIs) {
  PictureFacts picture;
  picture.width = 640;
  picture.height = 480;
  picture.size_bytes = 1234;
  picture.format = ImageFormat::kJpeg;
  BuiltInFacts facts = Facts(&picture);
  facts.source = "a.jpg";
  facts.expires = absl::FromUnixSeconds(30);
  const absl::StatusOr<Filter> filter = Filter::Parse(
      "item.id = sku-1 item.source = a.jpg item.create_time = "
      "1970-01-01T00:00:10Z item.expire_time = 1970-01-01T00:00:30Z "
      "item.update_time > 1970-01-01T00:00:19Z "
      "picture.width = 640 picture.height = 480 picture.size_bytes = 1234 "
      "picture.format = jpeg");
  ASSERT_OK(filter);
  EXPECT_TRUE(Matches(*filter, BuiltInFields(facts)));
}

TEST(BuiltInFieldsTest, LackWhatTheItemLacks) {
  const Metadata fields = BuiltInFields(Facts(nullptr));
  EXPECT_EQ(fields.count("item.source"), 0U);
  EXPECT_EQ(fields.count("item.expire_time"), 0U);
  EXPECT_EQ(fields.count("picture.width"), 0U);
  EXPECT_EQ(fields.size(), 3U);
}

TEST(BuiltInFieldsTest, HaveReservedNamesAndTheirDeclaredTypes) {
  const PictureFacts picture;
  BuiltInFacts facts = Facts(&picture);
  facts.source = "x";
  facts.expires = facts.updated;
  const Metadata fields = BuiltInFields(facts);
  const FieldTypes declared = BuiltInFieldTypes();
  FieldTypes seen;
  seen.Add(fields);
  EXPECT_EQ(seen.fields(), declared.fields());
  for (const auto& [name, value] : fields) {
    EXPECT_TRUE(IsReservedFieldName(name)) << name;
  }
}

}  // namespace
}  // namespace likeness
