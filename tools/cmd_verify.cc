// likeness verify: whether a data directory or snapshot is whole.
#include <memory>
#include <string>

#include "engine/collection/verify_directory.h"
#include "engine/core/status_macros.h"
#include "tools/command.h"
#include "tools/commands.h"
#include "tools/verify_answer.h"

namespace likeness {
namespace {

absl::Status RunVerify(const std::string& folder,
                       const CommandContext& context) {
  ASSIGN_OR_RETURN(const VerifyReport report, VerifyDirectory(folder));
  if (context.json) {
    PrintJson(DescribeReport(folder, report));
  } else {
    PrintReport(folder, report);
  }
  return StatusOf(folder, report);
}

}  // namespace

void AddVerifyCommand(CLI::App& app, CommandContext& context) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = AddCommand(
      app, "verify",
      "Check a data directory or a snapshot.\n"
      "Reads every block and file, compares every record with the others and "
      "the index\nwith the store, and samples the recall of searches. Nothing "
      "is changed. The\ndirectory must not be in use. Exit code 1: something "
      "is wrong, and was printed.",
      "  likeness verify ./catalogue\n"
      "  likeness verify ./snapshots/monday --json\n");
  command->add_option("DIR", *folder, "Data directory or snapshot")->required();
  AddJsonFlag(*command, context);
  command->callback([folder, &context] {
    context.Finish("verify", RunVerify(*folder, context));
  });
}

}  // namespace likeness
