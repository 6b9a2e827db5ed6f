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

constexpr size_t kMost = 512;

CollectionSpec Named(const std::string& name, int64_t created = 1) {
  CollectionSpec spec;
  spec.name = name;
  spec.created = absl::FromUnixMicros(created);
  return spec;
}

std::string Make(const CollectionSpec& collection, const std::string& start) {
  return MakePageToken(PageKind::kItems, collection, start);
}

absl::StatusOr<std::string> Parse(const CollectionSpec& collection,
                                  const std::string& token) {
  return ParsePageToken(PageKind::kItems, collection, token, kMost);
}

TEST(PageTokenTest, GivesBackTheIdWhateverItsBytes) {
  for (const std::string& id :
       {std::string("a"), std::string("k\xc3\xa4se/1 2"),
        std::string(512, '\xff'), std::string("a\0b", 3)}) {
    ASSERT_OK_AND_ASSIGN(const std::string parsed,
                         Parse(Named("c"), Make(Named("c"), id)));
    EXPECT_EQ(parsed, id);
  }
}

TEST(PageTokenTest, IsPlainText) {
  const std::string token = Make(Named("c"), "\xff\xfe id");
  for (const char c : token) {
    EXPECT_TRUE(absl::ascii_isgraph(static_cast<unsigned char>(c))) << token;
  }
}

TEST(PageTokenTest, AnotherCollectionRefusesIt) {
  const std::string token = Make(Named("c", 1), "id");
  for (const CollectionSpec& other : {Named("d", 1), Named("c", 2)}) {
    const auto parsed = Parse(other, token);
    EXPECT_THAT(parsed, HasCode(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(parsed, BlamesField("page_token"));
  }
}

TEST(PageTokenTest, AnotherKindOfPageRefusesIt) {
  EXPECT_THAT(ParsePageToken(PageKind::kHits, Named("c"),
                             Make(Named("c"), "id"), kMost),
              BlamesField("page_token"));
}

TEST(PageTokenTest, ALongerStartThanThereIsIsRefused) {
  EXPECT_OK(Parse(Named("c"), Make(Named("c"), std::string(kMost, 'x'))));
  EXPECT_THAT(Parse(Named("c"), Make(Named("c"), std::string(kMost + 9, 'x'))),
              BlamesField("page_token"));
}

TEST(PageTokenTest, AnyChangedOrMissingCharacterIsRefused) {
  const std::string token = Make(Named("c"), "some id");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(Parse(Named("c"), changed).ok()) << changed;
    EXPECT_FALSE(Parse(Named("c"), token.substr(0, i)).ok());
  }
  EXPECT_FALSE(Parse(Named("c"), token + "A").ok());
}

TEST(PageTokenTest, RubbishIsRefused) {
  for (const std::string& rubbish :
       {std::string("x"), std::string("no token!"), std::string(100'000, 'A'),
        std::string("\xff\x00", 2)}) {
    EXPECT_THAT(Parse(Named("c"), rubbish),
                HasCode(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace likeness
