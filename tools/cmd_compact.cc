// likeness compact: what a collection takes and need not.
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/status_macros.h"
#include "indexer/cancel.h"
#include "server/convert.h"
#include "tools/collection_text.h"
#include "tools/commands.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"
#include "tools/status_line.h"
#include "tools/stop_signals.h"
#include "tools/target.h"

namespace likeness {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(100);
constexpr double kBytesPerMib = 1 << 20;

struct CompactFlags {
  TargetFlags target;
};

using Look = std::function<absl::StatusOr<v1::Compaction>()>;

std::string ProgressText(const v1::Compaction& compaction) {
  return absl::StrFormat("compacting %s: %.0f %%",
                         compaction.state() == v1::COMPACTION_STATE_STORE
                             ? "the store"
                             : "the segments",
                         100 * compaction.progress());
}

// Looks until it has ended.
absl::StatusOr<v1::Compaction> Follow(const Look& look,
                                      const CancelToken& cancel, bool quiet) {
  StatusLine line(kSlowRedraw);
  while (true) {
    ASSIGN_OR_RETURN(v1::Compaction compaction, look());
    if (compaction.has_end_time()) {
      line.Wipe();
      return compaction;
    }
    if (cancel.cancelled()) {
      line.Wipe();
      return absl::CancelledError("interrupted");
    }
    if (!quiet && line.Due()) line.Show(ProgressText(compaction));
    absl::SleepFor(kBetweenLooks);
  }
}

absl::StatusOr<v1::Compaction> CompactLocally(const Target& target,
                                              const CancelToken& cancel,
                                              bool quiet) {
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(target.data, target.collection));
  local.collection->StartCompaction();
  return Follow(
      [&local]() -> absl::StatusOr<v1::Compaction> {
        v1::Compaction compaction;
        ToWire(local.collection->stats().compaction, compaction);
        return compaction;
      },
      cancel, quiet);
}

absl::StatusOr<v1::Compaction> CompactRemotely(const Target& target,
                                               const CancelToken& cancel,
                                               bool quiet) {
  const RemoteClient client(target.server);
  RETURN_IF_ERROR(client.CompactCollection(target.collection).status());
  auto compaction = Follow(
      [&]() -> absl::StatusOr<v1::Compaction> {
        ASSIGN_OR_RETURN(const v1::Collection collection,
                         client.GetCollection(target.collection));
        return collection.compaction();
      },
      cancel, quiet);
  if (absl::IsCancelled(compaction.status())) {
    return absl::CancelledError("interrupted; the server goes on compacting");
  }
  return compaction;
}

std::string SizeText(const std::string& what, int64_t before, int64_t after) {
  return absl::StrFormat("%-6s %10.1f MiB -> %10.1f MiB\n", what,
                         static_cast<double>(before) / kBytesPerMib,
                         static_cast<double>(after) / kBytesPerMib);
}

absl::Status RunCompact(const CompactFlags& flags,
                        const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  CancelToken cancel;
  ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                   StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
  ASSIGN_OR_RETURN(const v1::Compaction compaction,
                   target.remote()
                       ? CompactRemotely(target, cancel, context.quiet)
                       : CompactLocally(target, cancel, context.quiet));
  if (compaction.state() != v1::COMPACTION_STATE_DONE) {
    return absl::InternalError(compaction.error());
  }
  if (context.json) {
    PrintJson(CompactionJson(compaction));
  } else {
    std::cout << SizeText("disk", compaction.before().disk_bytes(),
                          compaction.after().disk_bytes())
              << SizeText("memory", compaction.before().memory_bytes(),
                          compaction.after().memory_bytes());
  }
  return absl::OkStatus();
}

}  // namespace

void AddCompactCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<CompactFlags>();
  CLI::App* command = AddCommand(
      app, "compact",
      "Make one segment of a collection and give disk back.\n"
      "It is built as the index options say, and what replaced and deleted "
      "items take is\nfreed. Searches and writes go on meanwhile; it needs "
      "room for the collection once\nmore. Disk is that of its segments and "
      "records, and of the log that all collections\nshare; memory that of its "
      "indexes.",
      "  likeness compact --data ./catalogue\n"
      "  likeness compact --collection shop --server localhost:50051 --json\n");
  AddTargetFlags(*command, context, flags->target);
  AddJsonFlag(*command, context);
  AddQuietFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("compact", RunCompact(*flags, context));
  });
}

}  // namespace likeness
