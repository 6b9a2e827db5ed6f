#include "tools/help_format.h"

#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace likeness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HelpFormatTest : public testing::Test {
 protected:
  HelpFormatTest() : app_("Finds things.", "find") {
    app_.formatter(std::make_shared<HelpFormat>());
    sub_ = app_.add_subcommand("shoes",
                               "Find shoes 1.5 times as fast. Boots are\n"
                               "shoes, sandals are not.");
  }

  CLI::App app_;
  CLI::App* sub_;
};

TEST_F(HelpFormatTest, AListOfCommandsShowsTheFirstSentenceOnly) {
  EXPECT_THAT(app_.help(), HasSubstr("\n  shoes      "
                                     "Find shoes 1.5 times as fast.\n"));
  EXPECT_THAT(app_.help(), Not(HasSubstr("Boots")));
}

TEST_F(HelpFormatTest, ACommandsOwnHelpShowsItsWholeDescription) {
  EXPECT_THAT(sub_->help(), HasSubstr("Find shoes 1.5 times as fast.\n"
                                      "Boots are shoes, sandals are not.\n"));
}

TEST_F(HelpFormatTest, LongDescriptionsAreBrokenInto80Columns) {
  std::string words;
  for (int i = 0; i < 60; ++i) words += "laces ";
  int count = 0;
  sub_->description(words);
  sub_->add_option("--count", count, words)->check(CLI::Range(1, 9));
  const std::string help = sub_->help();
  for (size_t begin = 0; begin < help.size();) {
    const size_t end = help.find('\n', begin);
    EXPECT_LE(end - begin, 80) << help.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST_F(HelpFormatTest, AFlagShowsItsTypeAndDefaultButNotItsCheck) {
  int count = 3;
  sub_->add_option("--count", count, "How many")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
  EXPECT_THAT(sub_->help(),
              HasSubstr("  --count INT=3               How many\n"));
}

}  // namespace
}  // namespace likeness
