// Every sub-command of `likeness`, a file each (cmd_*.cc).
#ifndef LIKENESS_TOOLS_COMMANDS_H_
#define LIKENESS_TOOLS_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "tools/command.h"

namespace likeness {

void AddServeCommand(CLI::App& app, CommandContext& context);
void AddIndexCommand(CLI::App& app, CommandContext& context);
void AddSearchCommand(CLI::App& app, CommandContext& context);
void AddCompareCommand(CLI::App& app, CommandContext& context);
void AddClassifyCommand(CLI::App& app, CommandContext& context);
void AddEmbedCommand(CLI::App& app, CommandContext& context);
void AddEvaluateCommand(CLI::App& app, CommandContext& context);
void AddCalibrateCommand(CLI::App& app, CommandContext& context);
void AddCollectionCommand(CLI::App& app, CommandContext& context);
void AddCompactCommand(CLI::App& app, CommandContext& context);
void AddTuneCommand(CLI::App& app, CommandContext& context);
void AddItemCommand(CLI::App& app, CommandContext& context);
void AddInfoCommand(CLI::App& app, CommandContext& context);
void AddModelCommand(CLI::App& app, CommandContext& context);
void AddSnapshotCommand(CLI::App& app, CommandContext& context);
void AddRestoreCommand(CLI::App& app, CommandContext& context);
void AddVerifyCommand(CLI::App& app, CommandContext& context);
void AddRepairCommand(CLI::App& app, CommandContext& context);
void AddShowcaseCommand(CLI::App& app, CommandContext& context);
void AddTrainCommand(CLI::App& app, CommandContext& context);
void AddBenchCommand(CLI::App& app, CommandContext& context);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_COMMANDS_H_
