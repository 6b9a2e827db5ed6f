#include "tools/settings.h"

#include <fstream>
#include <map>
#include <utility>
#include <vector>

#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tools/command.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::TempDir;

Settings::Environment Environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](
             const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

class SettingsTest : public ::testing::Test {
 protected:
  std::string Config(const std::string& contents) {
    const std::string path = dir_.File("likeness.toml");
    std::ofstream(path) << contents;
    return path;
  }

  // What a command sees of --collection.
  std::string Collection(const Settings& settings,
                         const std::string& command_line) {
    CommandContext context{settings};
    CLI::App app;
    std::string value = "built in";
    AddSetting(app, context, "--collection", value, "help");
    app.parse(command_line);
    return value;
  }

  TempDir dir_;
};

TEST_F(SettingsTest, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  const std::string file = Config("collection = \"file\"\n");
  ASSERT_OK_AND_ASSIGN(const Settings none,
                       Settings::Load("", Environment({})));
  ASSERT_OK_AND_ASSIGN(const Settings from_file,
                       Settings::Load(file, Environment({})));
  ASSERT_OK_AND_ASSIGN(
      const Settings both,
      Settings::Load(file, Environment({{"LIKENESS_COLLECTION", "env"}})));
  EXPECT_EQ(Collection(none, ""), "built in");
  EXPECT_EQ(Collection(from_file, ""), "file");
  EXPECT_EQ(Collection(both, ""), "env");
  EXPECT_EQ(Collection(both, "--collection flag"), "flag");
}

TEST_F(SettingsTest, AnEmptyVariableCountsAsNotSet) {
  ASSERT_OK_AND_ASSIGN(
      const Settings settings,
      Settings::Load("", Environment({{"LIKENESS_COLLECTION", ""}})));
  EXPECT_EQ(Collection(settings, ""), "built in");
}

TEST_F(SettingsTest, AnUnknownKeyIsNamedWithTheNearestOne) {
  EXPECT_THAT(Settings::Load(Config("colection = \"x\"\n"), Environment({})),
              Fails(absl::StatusCode::kInvalidArgument, "\"collection\"?"));
}

TEST_F(SettingsTest, AFilesErrorsNameFileAndLine) {
  for (const auto& [line, problem] :
       std::vector<std::pair<std::string, std::string>>{
           {"colection = x", "\"colection\" is not a setting"},
           {"[serve]", "\"[serve]\" is not a setting"},
           {"workers", "needs a value"},
           {"workers = many", "\"many\" is not a whole number from 0 to 1024"},
           {"workers = 1025", "\"1025\" is not a whole number"},
           {"max-picture-bytes = 0", "from 1 to"},
           {"data = \"/a", "quotes"},
           {"data = '/a' b", "\"b\" stands behind"}}) {
    const std::string path = Config("\n# A comment\n" + line + "\n");
    EXPECT_THAT(Settings::Load(path, Environment({})),
                Fails(absl::StatusCode::kInvalidArgument, path + ":3: "));
    EXPECT_THAT(Settings::Load(path, Environment({})),
                Fails(absl::StatusCode::kInvalidArgument, problem));
  }
}

TEST_F(SettingsTest, AVariablesErrorsNameTheVariable) {
  for (const char* value : {"abc", "-1", "1025", "2.5"}) {
    EXPECT_THAT(Settings::Load("", Environment({{"LIKENESS_WORKERS", value}})),
                Fails(absl::StatusCode::kInvalidArgument, "LIKENESS_WORKERS: "))
        << value;
  }
  EXPECT_OK(Settings::Load("", Environment({{"LIKENESS_WORKERS", "1024"}})));
}

TEST_F(SettingsTest, ValuesMayBeQuotedAndCommented) {
  const std::string file = Config(
      "; also a comment\r\n"
      "data=\"/with # and spaces\"  # why\r\n"
      "  model = 'a \"b\"'\n"
      "server = host:1 # bare\n"
      "workers = 3");
  ASSERT_OK_AND_ASSIGN(const Settings settings,
                       Settings::Load(file, Environment({})));
  EXPECT_EQ(settings.Default("data"), "/with # and spaces");
  EXPECT_EQ(settings.Default("model"), "a \"b\"");
  EXPECT_EQ(settings.Default("server"), "host:1");
  EXPECT_EQ(settings.Default("workers"), "3");
}

TEST_F(SettingsTest, AFlagHasTheRangeOfItsSetting) {
  ASSERT_OK_AND_ASSIGN(const Settings settings,
                       Settings::Load("", Environment({})));
  CommandContext context{settings};
  CLI::App app;
  int value = 0;
  AddSetting(app, context, "--workers", value, "help");
  EXPECT_THROW(app.parse("--workers 1025"), CLI::ValidationError);
  app.parse("--workers 1024");
  EXPECT_EQ(value, 1024);
}

TEST_F(SettingsTest, AMissingFileIsAnError) {
  EXPECT_THAT(Settings::Load(dir_.File("missing"), Environment({})),
              HasCode(absl::StatusCode::kNotFound));
}

TEST_F(SettingsTest, TheConfigFileIsFoundWhereverTheFlagStands) {
  const Settings::Environment environment =
      Environment({{"LIKENESS_CONFIG", "env"}});
  EXPECT_EQ(FindConfigPath({"search", "x"}, environment), "env");
  EXPECT_EQ(FindConfigPath({"search", "--config", "a"}, environment), "a");
  EXPECT_EQ(FindConfigPath({"--config=b", "search"}, environment), "b");
  EXPECT_EQ(FindConfigPath({"search", "--", "--config=b"}, environment), "env");
}

TEST(EnvironmentNameTest, IsTheKeyInCapitals) {
  EXPECT_EQ(EnvironmentName("max-picture-bytes"), "LIKENESS_MAX_PICTURE_BYTES");
}

}  // namespace
}  // namespace likeness
