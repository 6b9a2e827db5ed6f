#include "tools/delete_matching.h"

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "indexer/cancel.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"
#include "tools/stop_signals.h"

namespace likeness {
namespace {

absl::StatusOr<DeleteResult> DeleteLocally(const Target& target,
                                           const DeleteMatchingFlags& flags) {
  CancelToken cancel;
  ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                   StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(target.data, target.collection));
  DeleteRequest request;
  ASSIGN_OR_RETURN(request.filter, Filter::Parse(flags.filter));
  request.all_items = flags.all_items;
  request.dry_run = flags.dry_run;
  request.still_wanted = [&cancel] {
    return cancel.cancelled()
               ? absl::CancelledError("interrupted; the rest stays")
               : absl::OkStatus();
  };
  return local.collection->DeleteMatching(request);
}

// Ctrl-C ends the call with this process; the server stops then, too.
absl::StatusOr<DeleteResult> DeleteRemotely(const Target& target,
                                            const DeleteMatchingFlags& flags) {
  v1::DeleteMatchingItemsRequest request;
  request.set_collection(target.collection);
  request.set_filter(flags.filter);
  request.set_all_items(flags.all_items);
  request.set_dry_run(flags.dry_run);
  ASSIGN_OR_RETURN(const v1::DeleteMatchingItemsResponse response,
                   RemoteClient(target.server).DeleteMatchingItems(request));
  DeleteResult result;
  result.matched = static_cast<uint64_t>(response.matched_count());
  result.deleted = static_cast<uint64_t>(response.deleted_count());
  result.changed = static_cast<uint64_t>(response.changed_count());
  result.op_id = response.op_id();
  result.last_op_id = response.last_op_id();
  return result;
}

std::string TextOf(const DeleteResult& result, bool dry_run) {
  if (dry_run) {
    return absl::StrCat(result.matched, " items pass; none was deleted\n");
  }
  std::string text = absl::StrCat("deleted ", result.deleted, " of ",
                                  result.matched, " items that passed\n");
  if (result.changed > 0) {
    absl::StrAppend(&text, "left ", result.changed,
                    " that were changed meanwhile\n");
  }
  return text;
}

}  // namespace

void AddDeleteMatchingFlags(CLI::App& command, DeleteMatchingFlags& flags) {
  CLI::Option* filter = command.add_option(
      "--filter", flags.filter,
      "In place of ids: the items that pass; docs/search.md has the language");
  command.add_flag("--all", flags.all_items, "In place of ids: every item")
      ->excludes(filter);
  command.add_flag("--dry-run", flags.dry_run,
                   "Count what --filter or --all would delete");
}

absl::Status DeleteMatching(const Target& target,
                            const DeleteMatchingFlags& flags,
                            const CommandContext& context) {
  ASSIGN_OR_RETURN(const DeleteResult result,
                   target.remote() ? DeleteRemotely(target, flags)
                                   : DeleteLocally(target, flags));
  if (context.json) {
    PrintJson({{"dry_run", flags.dry_run},
               {"matched", result.matched},
               {"deleted", result.deleted},
               {"changed", result.changed},
               {"op_id", result.op_id},
               {"last_op_id", result.last_op_id}});
  } else {
    std::cout << TextOf(result, flags.dry_run);
  }
  return result.ended;
}

}  // namespace likeness
