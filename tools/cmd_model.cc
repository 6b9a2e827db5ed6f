// likeness model: a collection from one model to another.
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/commands.h"
#include "tools/model_steps.h"

namespace likeness {
namespace {

using RunModelStep =
    std::function<absl::Status(const ModelFlags&, const CommandContext&)>;

// A step with the flags that all have.
CLI::App* AddStep(CLI::App& model, CommandContext& context,
                  const std::shared_ptr<ModelFlags>& flags,
                  const std::string& name, const std::string& help,
                  const std::string& example, RunModelStep run) {
  CLI::App* command = AddCommand(
      model, name, help, absl::StrCat("  likeness model ", example, "\n"));
  AddTargetFlags(*command, context, flags->target);
  AddJsonFlag(*command, context);
  command->callback([flags, &context, name, run = std::move(run)] {
    context.Finish("model " + name, run(*flags, context));
  });
  return command;
}

void AddWorkFlags(CLI::App& command, CommandContext& context,
                  ReembedFlags& flags) {
  command.add_option("--pictures", flags.pictures,
                     "Folder that relative sources are in (default: this one)");
  AddSetting(command, context, "--workers", flags.workers,
             "Threads that decode and that embed (0: chosen)");
  AddQuietFlag(command, context);
}

void AddUnembeddedFlag(CLI::App& command, ModelFlags& flags) {
  command
      .add_option("--unembedded", flags.unembedded,
                  "So many items may be without vectors afterwards")
      ->capture_default_str();
}

void AddReembed(CLI::App& model, CommandContext& context) {
  auto flags = std::make_shared<ModelFlags>();
  CLI::App* command = AddStep(
      model, context, flags, "reembed",
      "Embed the pictures with another model, beside what is there.\n"
      "Pictures are read again from where they came from and must be "
      "the same bytes.\nItems that can't be embedded are listed with the "
      "reason. Searches and writes see\nnothing of it until the switch. A run "
      "that was cut off goes on when it is started\nagain, and takes what was "
      "written since. A server goes on by itself.",
      "reembed models/new --data ./catalogue --list without.jsonl", RunReembed);
  command->add_option("BUNDLE", flags->reembed.bundle,
                      "Folder of the new model bundle; none with --server");
  command->add_flag("--retry", flags->reembed.retry,
                    "Try items again that could not be embedded");
  command->add_option("--list", flags->list,
                      "Write the items without vectors to this file, a JSON "
                      "object a line");
  AddWorkFlags(*command, context, flags->reembed);
}

void AddCompare(CLI::App& model, CommandContext& context) {
  auto flags = std::make_shared<ModelFlags>();
  CLI::App* command = AddStep(
      model, context, flags, "compare",
      "How much the results of the old and the new model have in common.\n"
      "Asks both for what is like a sample of the items.",
      "compare --data ./catalogue --sample 500", RunCompare);
  command->add_option("--sample", flags->overlap.sample, "Items to ask for")
      ->capture_default_str();
  command->add_option("-k", flags->overlap.k, "Results of each")
      ->capture_default_str();
  command->add_option("--worst", flags->overlap.worst, "Examples to show")
      ->capture_default_str();
  command->add_option("--seed", flags->overlap.seed, "Of the sample")
      ->capture_default_str();
}

void AddSwitches(CLI::App& model, CommandContext& context) {
  auto to_new = std::make_shared<ModelFlags>();
  AddUnembeddedFlag(
      *AddStep(
          model, context, to_new, "switch",
          "Let the collection stand for the new model's vectors, at once.\n"
          "Refused while operations are yet to be repeated, and while "
          "items would have no\nvectors, unless their number is named.",
          "switch --data ./catalogue --unembedded 3", RunSwitch),
      *to_new);
  auto back = std::make_shared<ModelFlags>();
  CLI::App* rollback = AddStep(
      model, context, back, "rollback",
      "Let the collection stand for the old model's vectors again.\n"
      "What was written since the switch is embedded with the old model first: "
      "name it then.\nA server has it.",
      "rollback models/old --data ./catalogue", RunRollback);
  rollback->add_option("BUNDLE", back->reembed.bundle,
                       "Folder of the old model bundle; none with --server");
  AddUnembeddedFlag(*rollback, *back);
  AddWorkFlags(*rollback, context, back->reembed);
}

}  // namespace

void AddModelCommand(CLI::App& app, CommandContext& context) {
  CLI::App* model = AddCommand(
      app, "model",
      "Change a collection's model: re-embed, compare, switch, roll back.\n"
      "The collection gets a second generation with the new model's vectors, "
      "with the same\nitems, metadata and operation numbers. A server that was "
      "started with --next-model\ntakes the steps while it serves.",
      "  likeness model reembed models/new --data ./catalogue\n"
      "  likeness model compare --data ./catalogue\n"
      "  likeness model switch --data ./catalogue\n"
      "  likeness model finish --data ./catalogue\n"
      "  likeness model reembed --server localhost:50051\n");
  model->require_subcommand(1);
  AddReembed(*model, context);
  AddCompare(*model, context);
  AddSwitches(*model, context);
  AddStep(*model, context, std::make_shared<ModelFlags>(), "status",
          "Where the change stands.", "status --data ./catalogue", RunStatus);
  AddStep(*model, context, std::make_shared<ModelFlags>(), "unembedded",
          "Items that have no vectors, or would have none, and why.",
          "unembedded --data ./catalogue", RunUnembedded);
  AddStep(*model, context, std::make_shared<ModelFlags>(), "finish",
          "After the switch: remove what the old model left.",
          "finish --data ./catalogue",
          [](const ModelFlags& flags, const CommandContext& asked) {
            return RunEnd(flags, asked, EndStep::kFinish);
          });
  AddStep(*model, context, std::make_shared<ModelFlags>(), "cancel",
          "Before the switch, or rolled back: remove what the new model made.",
          "cancel --data ./catalogue",
          [](const ModelFlags& flags, const CommandContext& asked) {
            return RunEnd(flags, asked, EndStep::kCancel);
          });
}

}  // namespace likeness
