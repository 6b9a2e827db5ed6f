// likeness snapshot: a copy of a data directory.
#include <memory>
#include <string>

#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/database.h"
#include "tools/command.h"
#include "tools/commands.h"
#include "tools/snapshot_answer.h"

namespace likeness {
namespace {

struct SnapshotFlags {
  std::string data;
  std::string snapshot;
};

absl::Status RunSnapshot(const SnapshotFlags& flags,
                         const CommandContext& context) {
  if (flags.data.empty()) {
    return InvalidField("--data", "the data directory is not given");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                   Database::Open(flags.data, /*create=*/false));
  ASSIGN_OR_RETURN(const SnapshotManifest manifest,
                   database->Snapshot(flags.snapshot));
  PrintSnapshot({flags.snapshot, manifest.files.size(), manifest.size_bytes()},
                manifest, context.json);
  return absl::OkStatus();
}

}  // namespace

void AddSnapshotCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<SnapshotFlags>();
  CLI::App* command = AddCommand(
      app, "snapshot",
      "Copy a data directory that is not in use.\n"
      "Files that never change are shared with it where the file system can, "
      "so that a\nsnapshot on the same disk is fast and small: copy it away "
      "to be safe from the\ndisk's end. `likeness verify` checks it, "
      "`likeness restore` makes a directory of it.",
      "  likeness snapshot ./snapshots/monday --data ./catalogue\n");
  command->add_option("SNAPSHOT", flags->snapshot, "The folder to make")
      ->required();
  AddSetting(*command, context, "--data", flags->data,
             "Data directory to copy");
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("snapshot", RunSnapshot(*flags, context));
  });
}

}  // namespace likeness
