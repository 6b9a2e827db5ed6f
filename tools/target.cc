#include "tools/target.h"

namespace likeness {

void AddDataOrServerFlags(CLI::App& command, const CommandContext& context,
                          TargetFlags& flags) {
  flags.data_option = AddSetting(command, context, "--data", flags.data,
                                 "Data directory to open");
  flags.server_option = AddSetting(command, context, "--server", flags.server,
                                   "Running server to ask instead, HOST:PORT");
}

void AddTargetFlags(CLI::App& command, const CommandContext& context,
                    TargetFlags& flags) {
  AddDataOrServerFlags(command, context, flags);
  AddSetting(command, context, "--collection", flags.collection,
             "Collection to use");
}

void AddModelTargetFlags(CLI::App& command, const CommandContext& context,
                         ModelTargetFlags& flags) {
  flags.model_option = AddSetting(command, context, "--model", flags.model,
                                  "Folder of the model bundle");
  AddSetting(command, context, "--server", flags.server,
             "Running server to ask instead, HOST:PORT")
      ->excludes(command.get_option("--model"));
}

absl::StatusOr<Target> ChooseTarget(const TargetFlags& flags) {
  const bool data_flag = flags.data_option->count() > 0;
  const bool server_flag = flags.server_option->count() > 0;
  Target target{flags.data, flags.server, flags.collection};
  if (data_flag && !server_flag) target.server.clear();
  if (server_flag && !data_flag) target.data.clear();
  if (!target.data.empty() && !target.server.empty()) {
    return absl::InvalidArgumentError(
        "both --data and --server are set: name one on the command line");
  }
  if (target.data.empty() && target.server.empty()) {
    return absl::InvalidArgumentError(
        "which collection? name a data directory with --data DIR (or "
        "LIKENESS_DATA), or a running server with --server HOST:PORT (or "
        "LIKENESS_SERVER)");
  }
  return target;
}

}  // namespace likeness
