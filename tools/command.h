// What every sub-command shares. A command is one file that adds itself:
//
//   void AddInfoCommand(CLI::App& app, CommandContext& context) {
//     auto options = std::make_shared<InfoOptions>();
//     CLI::App* command = AddCommand(app, "info", "What ...", "Examples: ...");
//     AddSetting(*command, context, "--data", options->data, "data directory");
//     command->callback([options, &context] {
//       context.Finish("info", RunInfo(*options, context));
//     });
//   }
//
// Results go to standard output, everything else to standard error.
#ifndef LIKENESS_TOOLS_COMMAND_H_
#define LIKENESS_TOOLS_COMMAND_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "nlohmann/json.hpp"
#include "tools/exit_code.h"
#include "tools/settings.h"

namespace likeness {

// One run of the program. Owned by main.
struct CommandContext {
  const Settings& settings;
  bool json = false;   // Print one JSON document instead of text.
  bool quiet = false;  // No progress on standard error.
  ExitCode exit_code = ExitCode::kOk;

  // Ends the command called `name`: a failure is printed as
  // "likeness NAME: message", with a hint of what to do where there is one, and
  // decides the exit code.
  void Finish(const std::string& name, const absl::Status& status);
};

// Adds a sub-command with its help and examples (printed below the flags).
CLI::App* AddCommand(CLI::App& app, const std::string& name,
                     const std::string& help, const std::string& examples);

// Adds the flag of a long-lived setting (tools/settings.h): its default comes
// from the environment or the configuration file, else it is `value` as it is.
CLI::Option* AddSetting(CLI::App& command, const CommandContext& context,
                        const std::string& flag, std::string& value,
                        const std::string& help);
CLI::Option* AddSetting(CLI::App& command, const CommandContext& context,
                        const std::string& flag, int& value,
                        const std::string& help);

void AddJsonFlag(CLI::App& command, CommandContext& context);
void AddQuietFlag(CLI::App& command, CommandContext& context);

// Prints the one document of --json to standard output. Bytes that are not
// UTF-8 (paths may hold any) come out as U+FFFD.
void PrintJson(const nlohmann::ordered_json& document);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_COMMAND_H_
