#include "tools/model_steps.h"

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/aside_file.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "indexer/cancel.h"
#include "indexer/reembed.h"
#include "indexer/unembedded.h"
#include "tools/count_progress.h"
#include "tools/local_engine.h"
#include "tools/model_answer.h"
#include "tools/stop_signals.h"

namespace likeness {
namespace {

absl::StatusOr<LocalCollection> Open(const ModelFlags& flags) {
  if (flags.data.empty()) {
    return InvalidField("--data", "the data directory is not given");
  }
  return OpenCollection(flags.data, flags.collection);
}

class ShowReembed final : public ReembedObserver {
 public:
  explicit ShowReembed(bool quiet) : progress_("operations", quiet) {}

  void OnProgress(const ReembedCounts& counts, uint64_t left) override {
    progress_.Update(counts.operations, counts.operations + left);
  }
  void End() { progress_.End(); }

 private:
  CountProgress progress_;
};

// Lets the other generation come as far as the current one.
absl::StatusOr<ReembedResult> CatchUp(const ModelFlags& flags,
                                      const CommandContext& context,
                                      const Generations& generations,
                                      const Embedder& embedder) {
  CancelToken cancel;
  ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                   StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
  ReembedOptions options;
  options.workers = flags.workers;
  options.embed.threads = flags.workers;
  options.root = flags.pictures;
  ShowReembed show(context.quiet);
  ReembedResult result = Reembed(*generations.current, *generations.other,
                                 embedder, options, cancel, show);
  show.End();
  return result;
}

absl::StatusOr<std::vector<Item>> ListUnembedded(const Collection& collection) {
  std::vector<Item> items;
  RETURN_IF_ERROR(ForEachUnembedded(collection, [&](const Item& item) {
    items.push_back(item);
    return absl::OkStatus();
  }));
  return items;
}

// One JSON object a line.
absl::Status WriteList(const std::string& path,
                       const std::vector<Item>& items) {
  ASSIGN_OR_RETURN(const std::unique_ptr<AsideFile> file,
                   AsideFile::Create(path));
  for (const Item& item : items) {
    const std::string line = UnembeddedJson(item).dump(
        -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    RETURN_IF_ERROR(file->Append(absl::StrCat(line, "\n")));
  }
  return file->Commit();
}

absl::Status Interrupted(const absl::Status& status) {
  if (!absl::IsCancelled(status)) return status;
  return absl::CancelledError(
      "interrupted; what was counted is kept, and the same command goes on "
      "from here");
}

absl::Status PrintStatus(CollectionSet& set, const ModelFlags& flags,
                         const CommandContext& context) {
  ASSIGN_OR_RETURN(const Generations generations,
                   set.GetGenerations(flags.collection));
  if (context.json) {
    PrintJson(StatusJson(generations));
  } else {
    std::cout << StatusText(generations);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunReembed(const ModelFlags& flags,
                        const CommandContext& context) {
  ASSIGN_OR_RETURN(const LocalCollection local, Open(flags));
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   LoadModel(flags.bundle, flags.workers));
  ASSIGN_OR_RETURN(
      const Generations generations,
      OpenModelChange(*local.set, flags.collection, embedder->model()));
  if (flags.retry) {
    RETURN_IF_ERROR(
        RenewUnembedded(*generations.current, *generations.other).status());
  }
  ASSIGN_OR_RETURN(const ReembedResult result,
                   CatchUp(flags, context, generations, *embedder));
  ASSIGN_OR_RETURN(const std::vector<Item> unembedded,
                   ListUnembedded(*generations.other));
  if (!flags.list.empty()) RETURN_IF_ERROR(WriteList(flags.list, unembedded));
  if (context.json) {
    PrintJson(ReembedJson(result, generations, unembedded));
  } else {
    std::cout << ReembedText(result, generations, unembedded);
  }
  return Interrupted(result.status);
}

absl::Status RunStatus(const ModelFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const LocalCollection local, Open(flags));
  return PrintStatus(*local.set, flags, context);
}

absl::Status RunUnembedded(const ModelFlags& flags,
                           const CommandContext& context) {
  ASSIGN_OR_RETURN(const LocalCollection local, Open(flags));
  // While a change is prepared, what it would leave without vectors; else what
  // one left.
  const auto generations = local.set->GetGenerations(flags.collection);
  const bool prepared = generations.ok() && !generations->switched;
  const Collection& asked = prepared ? *generations->other : *local.collection;
  ASSIGN_OR_RETURN(const std::vector<Item> items, ListUnembedded(asked));
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Item& item : items) {
    if (context.json) {
      list.push_back(UnembeddedJson(item));
    } else {
      std::cout << UnembeddedText(item);
    }
  }
  if (context.json) PrintJson({{"items", std::move(list)}});
  return absl::OkStatus();
}

absl::Status RunCompare(const ModelFlags& flags,
                        const CommandContext& context) {
  ASSIGN_OR_RETURN(const LocalCollection local, Open(flags));
  ASSIGN_OR_RETURN(const Generations generations,
                   local.set->GetGenerations(flags.collection));
  ASSIGN_OR_RETURN(
      const std::vector<SpaceOverlap> overlaps,
      MeasureOverlap(*generations.current, *generations.other, flags.overlap));
  nlohmann::ordered_json spaces = nlohmann::ordered_json::object();
  for (const SpaceOverlap& overlap : overlaps) {
    if (context.json) {
      spaces[std::string(SpaceName(overlap.space))] = OverlapJson(overlap);
    } else {
      std::cout << OverlapText(overlap);
    }
  }
  if (context.json) {
    PrintJson({{"k", flags.overlap.k}, {"spaces", std::move(spaces)}});
  }
  return absl::OkStatus();
}

absl::Status RunSwitch(const ModelFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const LocalCollection local, Open(flags));
  RETURN_IF_ERROR(SwitchGeneration(*local.set, flags.collection,
                                   SwitchStep::kSwitch, flags.unembedded));
  return PrintStatus(*local.set, flags, context);
}

absl::Status RunRollback(const ModelFlags& flags,
                         const CommandContext& context) {
  ASSIGN_OR_RETURN(const LocalCollection local, Open(flags));
  ASSIGN_OR_RETURN(const Generations generations,
                   local.set->GetGenerations(flags.collection));
  const bool behind =
      generations.switched &&
      generations.other->last_op_id() < generations.current->last_op_id();
  if (behind && !flags.bundle.empty()) {
    ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                     LoadModel(flags.bundle, flags.workers));
    ASSIGN_OR_RETURN(const ReembedResult result,
                     CatchUp(flags, context, generations, *embedder));
    RETURN_IF_ERROR(Interrupted(result.status));
  }
  RETURN_IF_ERROR(SwitchGeneration(*local.set, flags.collection,
                                   SwitchStep::kRollback, flags.unembedded));
  return PrintStatus(*local.set, flags, context);
}

absl::Status RunEnd(const ModelFlags& flags, const CommandContext& context,
                    EndStep step) {
  ASSIGN_OR_RETURN(const LocalCollection local, Open(flags));
  RETURN_IF_ERROR(EndModelChange(*local.set, flags.collection, step));
  ASSIGN_OR_RETURN(const auto collection, local.set->Get(flags.collection));
  const std::string model = collection->spec().model_id;
  if (context.json) {
    PrintJson({{"collection", flags.collection}, {"model_id", model}});
  } else {
    std::cout << flags.collection << ": model " << model << "\n";
  }
  return absl::OkStatus();
}

}  // namespace likeness
