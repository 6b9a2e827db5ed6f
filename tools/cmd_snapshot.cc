// likeness snapshot: a copy of a data directory, also while it is served.
#include <memory>
#include <string>

#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/database.h"
#include "tools/command.h"
#include "tools/commands.h"
#include "tools/remote_client.h"
#include "tools/snapshot_answer.h"
#include "tools/target.h"

namespace likeness {
namespace {

struct SnapshotFlags {
  TargetFlags target;
  std::string snapshot;
};

SnapshotManifest FromWire(const v1::Snapshot& wire) {
  SnapshotManifest manifest;
  manifest.created =
      absl::FromUnixMicros(wire.create_time().seconds() * 1'000'000 +
                           wire.create_time().nanos() / 1000);
  for (const v1::SnapshotCollection& entry : wire.collections()) {
    manifest.collections.push_back({entry.name(), entry.last_op_id(),
                                    static_cast<uint64_t>(entry.item_count())});
  }
  return manifest;
}

absl::Status RunSnapshot(const SnapshotFlags& flags,
                         const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  if (target.remote()) {
    ASSIGN_OR_RETURN(
        const v1::Snapshot made,
        RemoteClient(target.server).CreateSnapshot(flags.snapshot));
    PrintSnapshot({made.path(), static_cast<uint64_t>(made.file_count()),
                   static_cast<uint64_t>(made.size_bytes())},
                  FromWire(made), context.json);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                   Database::Open(target.data, /*create=*/false));
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
      "Copy a data directory as it is at one moment.\n"
      "A server may be serving it. Files that never change are shared with it "
      "where the file system can, "
      "so that a\nsnapshot on the same disk is fast and small: copy it away "
      "to be safe from the\ndisk's end. `likeness verify` checks it, "
      "`likeness restore` makes a directory of it.",
      "  likeness snapshot ./snapshots/monday --data ./catalogue\n"
      "  likeness snapshot monday --server localhost:50051\n"
      "\n"
      "A server makes snapshots in the folder of its --snapshots flag "
      "alone.\n");
  command
      ->add_option("SNAPSHOT", flags->snapshot,
                   "The folder to make; with --server its name in the "
                   "server's folder of snapshots")
      ->required();
  AddDataOrServerFlags(*command, context, flags->target);
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("snapshot", RunSnapshot(*flags, context));
  });
}

}  // namespace likeness
