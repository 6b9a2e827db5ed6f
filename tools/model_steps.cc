#include "tools/model_steps.h"

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/aside_file.h"
#include "engine/core/space.h"
#include "engine/core/status_macros.h"
#include "tools/count_progress.h"
#include "tools/model_answer.h"
#include "tools/remote_client.h"

namespace likeness {
namespace {

absl::StatusOr<std::unique_ptr<ModelTarget>> Open(const ModelFlags& flags) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  return ModelTarget::Open(target);
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

// One JSON object a line.
absl::Status WriteList(const std::string& path,
                       const std::vector<v1::UnembeddedItem>& items) {
  ASSIGN_OR_RETURN(const std::unique_ptr<AsideFile> file,
                   AsideFile::Create(path));
  for (const v1::UnembeddedItem& item : items) {
    const std::string line = UnembeddedJson(item).dump(
        -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    RETURN_IF_ERROR(file->Append(absl::StrCat(line, "\n")));
  }
  return file->Commit();
}

absl::Status PrintStatus(const absl::StatusOr<v1::ModelChange>& change,
                         const CommandContext& context) {
  RETURN_IF_ERROR(change.status());
  if (context.json) {
    PrintJson(StatusJson(*change));
  } else {
    std::cout << StatusText(*change);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunReembed(const ModelFlags& flags,
                        const CommandContext& context) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ModelTarget> target, Open(flags));
  ShowReembed show(context.quiet);
  const absl::StatusOr<Reembedded> done = target->Reembed(flags.reembed, show);
  show.End();
  RETURN_IF_ERROR(done.status());
  ASSIGN_OR_RETURN(const std::vector<v1::UnembeddedItem> unembedded,
                   target->Unembedded());
  if (!flags.list.empty()) RETURN_IF_ERROR(WriteList(flags.list, unembedded));
  if (context.json) {
    PrintJson(ReembedJson(done->change, done->status, unembedded));
  } else {
    std::cout << ReembedText(done->change, unembedded);
  }
  return done->status;
}

absl::Status RunStatus(const ModelFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ModelTarget> target, Open(flags));
  return PrintStatus(target->Status(), context);
}

absl::Status RunUnembedded(const ModelFlags& flags,
                           const CommandContext& context) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ModelTarget> target, Open(flags));
  ASSIGN_OR_RETURN(const std::vector<v1::UnembeddedItem> items,
                   target->Unembedded());
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const v1::UnembeddedItem& item : items) {
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
  ASSIGN_OR_RETURN(const std::unique_ptr<ModelTarget> target, Open(flags));
  ASSIGN_OR_RETURN(const std::vector<v1::SpaceOverlap> overlaps,
                   target->Compare(flags.overlap));
  nlohmann::ordered_json spaces = nlohmann::ordered_json::object();
  for (const v1::SpaceOverlap& overlap : overlaps) {
    if (context.json) {
      spaces[std::string(SpaceName(FromWire(overlap.space())))] =
          OverlapJson(overlap);
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
  ASSIGN_OR_RETURN(const std::unique_ptr<ModelTarget> target, Open(flags));
  return PrintStatus(target->Switch(flags.unembedded), context);
}

absl::Status RunRollback(const ModelFlags& flags,
                         const CommandContext& context) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ModelTarget> target, Open(flags));
  ShowReembed show(context.quiet);
  const absl::StatusOr<v1::ModelChange> change =
      target->RollBack(flags.unembedded, flags.reembed, show);
  show.End();
  return PrintStatus(change, context);
}

absl::Status RunEnd(const ModelFlags& flags, const CommandContext& context,
                    EndStep step) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ModelTarget> target, Open(flags));
  ASSIGN_OR_RETURN(const std::string model, target->End(step));
  const std::string& collection = flags.target.collection;
  if (context.json) {
    PrintJson({{"collection", collection}, {"model_id", model}});
  } else {
    std::cout << collection << ": model " << model << "\n";
  }
  return absl::OkStatus();
}

}  // namespace likeness
