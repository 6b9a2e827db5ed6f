#include "tools/target.h"

#include <map>
#include <optional>

#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::likeness::testing::HasCode;

absl::StatusOr<Target> Choose(const std::string& command_line,
                              const std::string& env_data,
                              const std::string& env_server) {
  const absl::StatusOr<Settings> settings = Settings::Load(
      "", [&](const std::string& name) -> std::optional<std::string> {
        if (name == "LIKENESS_DATA") return env_data;
        if (name == "LIKENESS_SERVER") return env_server;
        return std::nullopt;
      });
  CommandContext context{*settings};
  CLI::App app;
  TargetFlags flags;
  AddTargetFlags(app, context, flags);
  app.parse(command_line);
  return ChooseTarget(flags);
}

TEST(TargetTest, AFlagWinsOverASettingOfTheOtherKind) {
  ASSERT_OK_AND_ASSIGN(const Target data, Choose("--data d", "", "s"));
  EXPECT_EQ(data.data, "d");
  EXPECT_FALSE(data.remote());
  ASSERT_OK_AND_ASSIGN(const Target server, Choose("--server t", "d", ""));
  EXPECT_EQ(server.server, "t");
  EXPECT_TRUE(server.remote());
  EXPECT_EQ(server.collection, "pictures");
}

TEST(TargetTest, TwoOfAKindOrNoneAtAllIsAnError) {
  EXPECT_THAT(Choose("--data d --server s", "", ""),
              HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Choose("", "d", "s"),
              HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Choose("", "", ""), HasCode(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace likeness
