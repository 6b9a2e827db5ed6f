// likeness repair: derives anew what is damaged and not the truth.
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "engine/collection/repair_directory.h"
#include "engine/core/status_macros.h"
#include "tools/command.h"
#include "tools/commands.h"
#include "tools/verify_answer.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

Json Describe(const std::string& folder, const RepairReport& report) {
  Json moved = Json::array();
  for (const RepairReport::Moved& files : report.moved) {
    moved.push_back({{"from", files.from}, {"to", files.to}});
  }
  Json rebuilt = Json::array();
  for (const GenerationName& name : report.rebuilt) {
    rebuilt.push_back(
        {{"collection", name.collection}, {"other_generation", name.is_other}});
  }
  Json answer = {{"ok", report.ok()},
                 {"moved", std::move(moved)},
                 {"rebuilt", std::move(rebuilt)},
                 {"before", DescribeReport(folder, report.before)}};
  if (report.after.has_value()) {
    answer["after"] = DescribeReport(folder, *report.after);
  }
  return answer;
}

void PrintText(const std::string& folder, const RepairReport& report) {
  PrintReport(folder, report.before);
  for (const RepairReport::Moved& files : report.moved) {
    std::cout << files.from << " is now " << files.to << "\n";
  }
  for (const GenerationName& name : report.rebuilt) {
    std::cout << "built the index of collection \"" << name.ToString()
              << "\" from the store\n";
  }
  if (report.after.has_value()) PrintReport(folder, *report.after);
}

absl::Status RunRepair(const std::string& folder,
                       const CommandContext& context) {
  ASSIGN_OR_RETURN(const RepairReport report, RepairDirectory(folder));
  if (context.json) {
    PrintJson(Describe(folder, report));
  } else {
    PrintText(folder, report);
  }
  return StatusOf(folder,
                  report.after.has_value() ? *report.after : report.before);
}

}  // namespace

void AddRepairCommand(CLI::App& app, CommandContext& context) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = AddCommand(
      app, "repair",
      "Mend a data directory whose index is damaged.\n"
      "Verifies it, moves the damaged files of sealed segments to DIR/damaged, "
      "builds\nthe segments anew from the store, and verifies again. Deletes "
      "nothing, and changes\nnothing when the store itself is damaged: restore "
      "a snapshot then. The directory\nmust not be in use. Exit code 0: all is "
      "well now; 1: it is not.",
      "  likeness repair ./catalogue\n");
  command->add_option("DIR", *folder, "Data directory")->required();
  AddJsonFlag(*command, context);
  command->callback([folder, &context] {
    context.Finish("repair", RunRepair(*folder, context));
  });
}

}  // namespace likeness
