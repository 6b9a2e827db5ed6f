#include "tools/command.h"

#include <iostream>

#include "absl/strings/str_cat.h"
#include "tools/hint.h"

namespace likeness {
namespace {

template <typename T>
CLI::Option* AddSettingOption(CLI::App& command, const CommandContext& context,
                              const std::string& flag, T& value,
                              const std::string& help) {
  const std::string key = flag.substr(2);
  CLI::Option* option = command.add_option(
      flag, value, absl::StrCat(help, " (or ", EnvironmentName(key), ")"));
  const std::string initial = context.settings.Default(key);
  if (!initial.empty()) {
    option->default_val(initial);
  } else {
    option->capture_default_str();
  }
  return option;
}

}  // namespace

void CommandContext::Finish(const std::string& name,
                            const absl::Status& status) {
  exit_code = ExitCodeOf(status);
  if (status.ok()) return;
  std::cerr << "likeness " << name << ": " << status.message() << "\n";
  const std::string hint = HintFor(status);
  if (!hint.empty()) std::cerr << "  " << hint << "\n";
}

CLI::App* AddCommand(CLI::App& app, const std::string& name,
                     const std::string& help, const std::string& examples) {
  CLI::App* command = app.add_subcommand(name, help);
  command->footer("Examples:\n" + examples);
  // --config and the like may stand behind the sub-command too.
  command->fallthrough();
  return command;
}

CLI::Option* AddSetting(CLI::App& command, const CommandContext& context,
                        const std::string& flag, std::string& value,
                        const std::string& help) {
  return AddSettingOption(command, context, flag, value, help);
}

CLI::Option* AddSetting(CLI::App& command, const CommandContext& context,
                        const std::string& flag, int& value,
                        const std::string& help) {
  CLI::Option* option = AddSettingOption(command, context, flag, value, help);
  const SettingName* setting = FindSetting(flag.substr(2));
  return option->check(CLI::Range(setting->low, setting->high));
}

void AddJsonFlag(CLI::App& command, CommandContext& context) {
  command.add_flag("--json", context.json, "Print one JSON document");
}

void AddQuietFlag(CLI::App& command, CommandContext& context) {
  command.add_flag("--quiet,-q", context.quiet,
                   "No progress on standard error");
}

void PrintJson(const nlohmann::ordered_json& document) {
  std::cout << document.dump(2, ' ', false,
                             nlohmann::ordered_json::error_handler_t::replace)
            << "\n";
}

}  // namespace likeness
