#include "tools/program.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/nearest.h"
#include "tools/command.h"
#include "tools/commands.h"
#include "tools/exit_code.h"
#include "tools/help_format.h"
#include "tools/settings.h"
#include "tools/version.h"

namespace likeness {
namespace {

std::string Footer() {
  std::string footer =
      "Long-lived settings, as environment variables or as lines `name = "
      "value`\nin the file named by --config or LIKENESS_CONFIG; a flag wins "
      "over the\nenvironment, the environment over the file:\n";
  for (const SettingName& setting : KnownSettings()) {
    std::string name = absl::StrCat("  ", EnvironmentName(setting.key));
    name.resize(std::max<size_t>(name.size() + 1, 30), ' ');
    absl::StrAppend(&footer, name, setting.help, "\n");
  }
  absl::StrAppend(&footer, "\n", ExitCodeHelp(),
                  "\nA first session:\n"
                  "  likeness index photos/ --data ./catalogue\n"
                  "  likeness search photo.jpg --data ./catalogue -k 5\n"
                  "  likeness serve --data ./catalogue\n");
  return footer;
}

void AddCommands(CLI::App& app, CommandContext& context) {
  AddIndexCommand(app, context);
  AddSearchCommand(app, context);
  AddCompareCommand(app, context);
  AddClassifyCommand(app, context);
  AddEmbedCommand(app, context);
  AddCollectionCommand(app, context);
  AddCompactCommand(app, context);
  AddTuneCommand(app, context);
  AddItemCommand(app, context);
  AddInfoCommand(app, context);
  AddServeCommand(app, context);
  AddModelCommand(app, context);
  AddSnapshotCommand(app, context);
  AddRestoreCommand(app, context);
  AddVerifyCommand(app, context);
  AddRepairCommand(app, context);
  AddTrainCommand(app, context);
  AddEvaluateCommand(app, context);
  AddCalibrateCommand(app, context);
  AddShowcaseCommand(app, context);
  AddBenchCommand(app, context);
}

// The sub-command that was being read when the parser gave up.
const CLI::App* Innermost(const CLI::App& app) {
  const CLI::App* innermost = &app;
  while (!innermost->get_subcommands().empty()) {
    innermost = innermost->get_subcommands().back();
  }
  return innermost;
}

// Flags (for a word with a dash) or sub-commands that `command` knows.
std::vector<std::string> KnownWords(const CLI::App& command, bool flags) {
  std::vector<std::string> words;
  if (!flags) {
    for (const CLI::App* sub : command.get_subcommands({})) {
      words.push_back(sub->get_name());
    }
    return words;
  }
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      words.push_back("--" + name);
    }
  }
  return words;
}

// "likeness bench embed"
std::string FullName(const CLI::App* command) {
  std::string name = command->get_name();
  for (const CLI::App* app = command->get_parent(); app != nullptr;
       app = app->get_parent()) {
    name = absl::StrCat(app->get_name(), " ", name);
  }
  return name;
}

// What is wrong with the first argument that nobody knows, such as "--spcae is
// not a flag of likeness search; did you mean --space?"
std::string ExplainExtras(const CLI::App& app) {
  const CLI::App* command = Innermost(app);
  std::vector<std::string> extras = command->remaining();
  if (extras.empty()) extras = app.remaining(true);
  const std::string word = extras.front().substr(0, extras.front().find('='));
  const bool is_flag = absl::StartsWith(word, "-");
  const std::string of = FullName(command);
  const std::vector<std::string> known = KnownWords(*command, is_flag);
  const std::string nearest = Nearest(word, known);
  if (!is_flag && known.empty()) {
    return absl::StrCat("\"", word, "\" is one argument too many for ", of);
  }
  if (nearest == word) {
    return absl::StrCat("\"", word, "\" belongs behind ", of);
  }
  return absl::StrCat(
      "\"", word, "\" is not a ", is_flag ? "flag" : "command", " of ", of,
      nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?"));
}

int UsageError(const std::string& message) {
  std::cerr << "likeness: " << message << "\n";
  return static_cast<int>(ExitCode::kUsage);
}

// CLI11 reports through exceptions; they end here.
int Parse(CLI::App& app, CommandContext& context,
          const std::vector<std::string>& arguments) {
  try {
    AddCommands(app, context);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(std::move(reversed));
    return static_cast<int>(context.exit_code);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success, std::cout, std::cerr);
  } catch (const CLI::Error& error) {
    // A word that nobody knows explains why one that is required is missing.
    const std::string problem =
        app.remaining_size(true) > 0 ? ExplainExtras(app) : error.what();
    return UsageError(
        absl::StrCat(problem, " (see ", FullName(Innermost(app)), " --help)"));
  }
}

}  // namespace

int RunProgram(const std::vector<std::string>& arguments) {
  std::string config_path = FindConfigPath(arguments, ProcessEnvironment);
  const absl::StatusOr<Settings> settings =
      Settings::Load(config_path, ProcessEnvironment);
  if (!settings.ok()) {
    std::cerr << "likeness: " << settings.status().message() << "\n";
    return static_cast<int>(ExitCodeOf(settings.status()));
  }
  CommandContext context{*settings};
  CLI::App app("Likeness finds the pictures that look like yours.", "likeness");
  app.footer(Footer());
  app.add_option("--config", config_path,
                 "File with long-lived settings (or LIKENESS_CONFIG)");
  app.set_version_flag("--version", VersionText);
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormat>());
  const int exit_code = Parse(app, context, arguments);
  std::cout.flush();
  if (std::cout.good()) return exit_code;
  std::cerr << "likeness: cannot write to standard output\n";
  return static_cast<int>(ExitCode::kFailed);
}

}  // namespace likeness
