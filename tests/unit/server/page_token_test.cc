#include "server/page_token.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "engine/core/utf8.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::HasCode;

CollectionSpec Named(const std::string& name, int64_t created = 1) {
  CollectionSpec spec;
  spec.name = name;
  spec.created = absl::FromUnixMicros(created);
  return spec;
}

TEST(PageTokenTest, GivesBackTheIdWhateverItsBytes) {
  for (const std::string& id :
       {std::string("a"), std::string("k\xc3\xa4se/1 2"),
        std::string(512, '\xff'), std::string("a\0b", 3)}) {
    ASSERT_OK_AND_ASSIGN(
        const std::string parsed,
        ParsePageToken(Named("c"), MakePageToken(Named("c"), id)));
    EXPECT_EQ(parsed, id);
  }
}

TEST(PageTokenTest, IsPlainText) {
  const std::string token = MakePageToken(Named("c"), "\xff\xfe id");
  for (const char c : token) {
    EXPECT_TRUE(absl::ascii_isgraph(static_cast<unsigned char>(c))) << token;
  }
}

TEST(PageTokenTest, AnotherCollectionRefusesIt) {
  const std::string token = MakePageToken(Named("c", 1), "id");
  for (const CollectionSpec& other : {Named("d", 1), Named("c", 2)}) {
    const auto parsed = ParsePageToken(other, token);
    EXPECT_THAT(parsed, HasCode(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(parsed, BlamesField("page_token"));
  }
}

TEST(PageTokenTest, AnyChangedOrMissingCharacterIsRefused) {
  const std::string token = MakePageToken(Named("c"), "some id");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(ParsePageToken(Named("c"), changed).ok()) << changed;
    EXPECT_FALSE(ParsePageToken(Named("c"), token.substr(0, i)).ok());
  }
  EXPECT_FALSE(ParsePageToken(Named("c"), token + "A").ok());
}

TEST(PageTokenTest, RubbishIsRefused) {
  for (const std::string& rubbish :
       {std::string("x"), std::string("no token!"), std::string(100'000, 'A'),
        std::string("\xff\x00", 2)}) {
    EXPECT_THAT(ParsePageToken(Named("c"), rubbish),
                HasCode(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace likeness
