#include "engine/filter/string_dictionary.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/random.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

// Texts that share long beginnings, with bytes from both ends of the range.
std::vector<std::string> RandomTexts(Random& random, size_t count) {
  std::set<std::string> texts;
  while (texts.size() < count) {
    std::string text;
    if (!texts.empty() && random.Chance(0.7)) {
      text = *std::next(texts.begin(),
                        static_cast<long>(random.Below(texts.size())));
      text.resize(random.Below(text.size() + 1));
    }
    for (size_t i = random.Below(8); i > 0; --i) {
      text.push_back("\x00 abz\xff"[random.Below(6)]);
    }
    if (random.Chance(0.05)) text.append(random.Below(200), 'l');
    texts.insert(text.substr(0, kMaxOrderedText));
  }
  return {texts.begin(), texts.end()};
}

StringDictionary Make(const std::vector<std::string>& texts) {
  StringDictionary dictionary;
  for (const std::string& text : texts) dictionary.Add(text);
  dictionary.ShrinkToFit();
  return dictionary;
}

TEST(StringDictionaryTest, FindsLikeASortedList) {
  constexpr uint64_t kSeed = 51;
  for (uint64_t round = 0; round < 30; ++round) {
    Random random(kSeed, round);
    const std::vector<std::string> texts =
        RandomTexts(random, random.Below(100) + (round % 3) * 16);
    const StringDictionary dictionary = Make(texts);
    ASSERT_EQ(dictionary.size(), texts.size());
    std::vector<std::string> wanted = RandomTexts(random, 50);
    wanted.insert(wanted.end(), texts.begin(), texts.end());
    wanted.emplace_back(300, '\xff');
    for (const std::string& text : wanted) {
      const auto at = std::lower_bound(texts.begin(), texts.end(), text);
      const StringDictionary::Position position = dictionary.Find(text);
      ASSERT_EQ(position.index, static_cast<size_t>(at - texts.begin()))
          << "seed " << kSeed << " round " << round;
      ASSERT_EQ(position.found, at != texts.end() && *at == text);
      const auto end = std::find_if(at, texts.end(), [&](const auto& other) {
        return !absl::StartsWith(other, text);
      });
      ASSERT_EQ(dictionary.EndOfPrefix(text),
                static_cast<size_t>(end - texts.begin()))
          << "seed " << kSeed << " round " << round;
    }
    StringDictionary::Cursor cursor(dictionary);
    for (const std::string& text : texts) {
      ASSERT_TRUE(cursor.Valid());
      ASSERT_EQ(cursor.key(), text);
      cursor.Next();
    }
    ASSERT_FALSE(cursor.Valid());
  }
}

TEST(StringDictionaryTest, TakesFewBytesForAlikeKeys) {
  StringDictionary dictionary;
  for (int i = 0; i < 16'000; ++i) {
    dictionary.Add(absl::StrCat("SKU-", 10'000'000 + i));
  }
  dictionary.ShrinkToFit();
  EXPECT_LT(dictionary.memory_bytes(), 16'000U * 5);
}

TEST(StringDictionaryTest, ParsesItsOwnBytesAndNoOthers) {
  Random random(53);
  const std::vector<std::string> texts = RandomTexts(random, 100);
  const StringDictionary dictionary = Make(texts);
  const std::optional<StringDictionary> parsed =
      StringDictionary::Parse(dictionary.bytes(), texts.size());
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->bytes(), dictionary.bytes());
  for (size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(parsed->Find(texts[i]).index, i);
    EXPECT_TRUE(parsed->Find(texts[i]).found);
  }
  for (const size_t size : {size_t{0}, size_t{99}, size_t{101}, ~size_t{0}}) {
    EXPECT_FALSE(StringDictionary::Parse(dictionary.bytes(), size).has_value());
  }
  EXPECT_TRUE(StringDictionary::Parse("", 0).has_value());
}

TEST(StringDictionaryTest, NoDamageLeadsAstray) {
  constexpr uint64_t kSeed = 57;
  size_t accepted = 0;
  for (uint64_t round = 0; round < 5000; ++round) {
    Random random(kSeed, round);
    const std::vector<std::string> texts = RandomTexts(random, 40);
    std::string bytes = Make(texts).bytes();
    bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    if (random.Chance(0.2)) bytes.resize(random.Below(bytes.size()));
    const std::optional<StringDictionary> parsed =
        StringDictionary::Parse(bytes, texts.size());
    if (!parsed.has_value()) continue;
    ++accepted;
    std::string last;
    for (StringDictionary::Cursor cursor(*parsed); cursor.Valid();
         cursor.Next()) {
      ASSERT_TRUE(cursor.index() == 0 || cursor.key() > last);
      last = std::string(cursor.key());
      const StringDictionary::Position position = parsed->Find(last);
      ASSERT_TRUE(position.found && position.index == cursor.index())
          << "seed " << kSeed << " round " << round;
    }
  }
  EXPECT_GT(accepted, 100U) << "some bytes are as good as others";
}

TEST(StringKeyTest, LongTextsKeepOrderPrefixAndIdentity) {
  const std::string base(kMaxOrderedText, 'm');
  EXPECT_EQ(StringKey(base), base);
  const std::string a = StringKey(base + "a");
  const std::string b = StringKey(base + "b");
  EXPECT_EQ(a.size(), kMaxStringKeyBytes);
  EXPECT_NE(a, b);
  EXPECT_EQ(a, StringKey(base + "a"));
  EXPECT_GT(a, base);
  EXPECT_LT(a, StringKey(absl::StrCat(base.substr(1), "n")));
  EXPECT_TRUE(absl::StartsWith(a, base));
}

}  // namespace
}  // namespace likeness
