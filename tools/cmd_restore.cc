// likeness restore: a data directory from a snapshot.
#include <memory>
#include <string>

#include "engine/core/status_macros.h"
#include "engine/store/restore_snapshot.h"
#include "tools/command.h"
#include "tools/commands.h"
#include "tools/snapshot_answer.h"

namespace likeness {
namespace {

struct RestoreFlags {
  std::string from;
  std::string to;
};

absl::Status RunRestore(const RestoreFlags& flags,
                        const CommandContext& context) {
  ASSIGN_OR_RETURN(const SnapshotManifest manifest,
                   RestoreSnapshot(flags.from, flags.to));
  PrintSnapshot({flags.to, manifest.files.size(), manifest.size_bytes()},
                manifest, context.json);
  return absl::OkStatus();
}

}  // namespace

void AddRestoreCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<RestoreFlags>();
  CLI::App* command = AddCommand(
      app, "restore",
      "Make a data directory from a snapshot.\n"
      "The files are copied and their checksums compared before anything gets "
      "the name\nDIR, which must not be there or be empty. The snapshot stays "
      "as it is.",
      "  likeness restore ./snapshots/monday ./catalogue\n");
  command->add_option("SNAPSHOT", flags->from, "The snapshot")->required();
  command->add_option("DIR", flags->to, "The data directory to make")
      ->required();
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("restore", RunRestore(*flags, context));
  });
}

}  // namespace likeness
