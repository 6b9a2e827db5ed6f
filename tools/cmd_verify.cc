// likeness verify: whether a data directory or snapshot is whole.
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "engine/core/status_macros.h"
#include "engine/store/verify_database.h"
#include "tools/command.h"
#include "tools/commands.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

Json Describe(const std::string& folder, const VerifyReport& report) {
  Json problems = Json::array();
  for (const VerifyProblem& problem : report.problems()) {
    problems.push_back({{"where", problem.where}, {"what", problem.what}});
  }
  return {{"folder", folder},
          {"ok", report.ok()},
          {"files", report.files},
          {"tables", report.tables},
          {"collections", report.collections},
          {"operations", report.operations},
          {"items", report.items},
          {"problem_count", report.num_problems()},
          {"problems", std::move(problems)}};
}

void PrintText(const std::string& folder, const VerifyReport& report) {
  for (const VerifyProblem& problem : report.problems()) {
    std::cout << problem.where << ": " << problem.what << "\n";
  }
  std::cout << absl::StrFormat(
      "%s: %d collections, %d items, %d operations, %d tables: %s\n", folder,
      report.collections, report.items, report.operations, report.tables,
      report.ok() ? "all is well"
                  : absl::StrFormat("%d problems", report.num_problems()));
}

absl::Status RunVerify(const std::string& folder,
                       const CommandContext& context) {
  ASSIGN_OR_RETURN(const VerifyReport report, VerifyDatabase(folder));
  if (context.json) {
    PrintJson(Describe(folder, report));
  } else {
    PrintText(folder, report);
  }
  if (report.ok()) return absl::OkStatus();
  return absl::DataLossError(absl::StrFormat("%s is damaged: %d problems",
                                             folder, report.num_problems()));
}

}  // namespace

void AddVerifyCommand(CLI::App& app, CommandContext& context) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = AddCommand(
      app, "verify",
      "Check a data directory or a snapshot.\n"
      "Reads every block and compares every record with the others. Nothing is "
      "changed.\nThe directory must not be in use. Exit code 1: something is "
      "wrong, and was printed.",
      "  likeness verify ./catalogue\n"
      "  likeness verify ./snapshots/monday --json\n");
  command->add_option("DIR", *folder, "Data directory or snapshot")->required();
  AddJsonFlag(*command, context);
  command->callback([folder, &context] {
    context.Finish("verify", RunVerify(*folder, context));
  });
}

}  // namespace likeness
