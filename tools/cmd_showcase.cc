// likeness showcase: a page that shows what a running server answers.
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/report/report.h"
#include "tools/commands.h"
#include "tools/remote_client.h"
#include "tools/showcase.h"

namespace likeness {
namespace {

struct ShowcaseFlags {
  ShowcaseOptions options;
  std::string server;
  std::string out;
};

absl::Status RunShowcase(const ShowcaseFlags& flags,
                         const CommandContext& context) {
  if (flags.server.empty()) {
    return absl::InvalidArgumentError(
        "which server? name it with --server HOST:PORT or LIKENESS_SERVER");
  }
  const RemoteClient client(flags.server);
  ASSIGN_OR_RETURN(const ReportPage page, MakeShowcase(client, flags.options));
  ASSIGN_OR_RETURN(const std::string html, RenderReport(page));
  RETURN_IF_ERROR(WriteFileDurably(flags.out, html));
  if (context.json) {
    nlohmann::ordered_json document = {{"page", flags.out},
                                       {"bytes", html.size()}};
    for (const auto& [label, value] : page.facts) {
      document["facts"][label] = value;
    }
    PrintJson(document);
  } else {
    for (const auto& [label, value] : page.facts) {
      std::cout << label << ": " << value << "\n";
    }
    std::cout << flags.out << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddShowcaseCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<ShowcaseFlags>();
  flags->options.collection = "pictures";
  CLI::App* command = AddCommand(
      app, "showcase",
      "Show what a running server finds on one HTML page.\n"
      "It is asked for the products most like some pictures and for edited "
      "copies of some,\nmade on the spot. The page needs nothing else.",
      "  likeness showcase photos/ --server localhost:50051 --out "
      "showcase.html\n");
  command
      ->add_option("PATH", flags->options.paths,
                   "Files and folders to take the pictures from")
      ->required();
  AddSetting(*command, context, "--server", flags->server,
             "Running server, HOST:PORT");
  AddSetting(*command, context, "--collection", flags->options.collection,
             "Collection to ask about");
  command->add_option("--out", flags->out, "The page")->required();
  command
      ->add_option("--queries", flags->options.queries, "Pictures to ask with")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command
      ->add_option("--copies", flags->options.copies,
                   "Pictures to make edited copies of")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("showcase", RunShowcase(*flags, context));
  });
}

}  // namespace likeness
