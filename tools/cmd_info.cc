// likeness info: what there is.
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/status_macros.h"
#include "engine/embed/model_bundle.h"
#include "server/convert.h"
#include "tools/collection_text.h"
#include "tools/commands.h"
#include "tools/local_engine.h"
#include "tools/model_path.h"
#include "tools/remote_client.h"
#include "tools/target.h"
#include "tools/version.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

struct InfoFlags {
  TargetFlags target;
  std::string model;
};

absl::StatusOr<Json> DescribeTarget(const Target& target) {
  Json description;
  Json collections = Json::array();
  if (target.remote()) {
    const RemoteClient client(target.server);
    ASSIGN_OR_RETURN(const v1::ListCollectionsResponse response,
                     client.ListCollections());
    for (const v1::Collection& collection : response.collections()) {
      collections.push_back(CollectionJson(collection));
    }
    description["server"] = target.server;
  } else {
    ASSIGN_OR_RETURN(const std::unique_ptr<CollectionSet> set,
                     CollectionSet::Open(target.data, /*create=*/false));
    for (const auto& collection : set->List()) {
      v1::Collection wire;
      ToWire(*collection, wire);
      collections.push_back(CollectionJson(wire));
    }
    description["data"] = target.data;
  }
  description["collections"] = std::move(collections);
  return description;
}

absl::StatusOr<Json> DescribeModel(const std::string& model) {
  ASSIGN_OR_RETURN(const std::string folder, FindModel(model));
  ASSIGN_OR_RETURN(const ModelBundle bundle, ModelBundle::Load(folder));
  Json spaces;
  for (const Space space : kAllSpaces) {
    spaces[std::string(SpaceName(space))] = {
        {"dimensions", bundle.heads[space].dimensions},
        {"pooling", bundle.heads[space].pooling}};
  }
  return Json{{"folder", folder},
              {"name", bundle.name},
              {"id", bundle.id},
              {"architecture", bundle.architecture},
              {"input_side", bundle.input_side},
              {"preprocessing_version", bundle.preprocessing_version},
              {"spaces", std::move(spaces)}};
}

Json DescribeVersions() {
  Json versions;
  for (const auto& [name, version] : Versions()) versions[name] = version;
  return versions;
}

// This program and its model; without a target, that is all there is to tell.
absl::StatusOr<Json> DescribeHere(const InfoFlags& flags, bool has_target) {
  Json here = {{"versions", DescribeVersions()}};
  absl::StatusOr<Json> model = DescribeModel(flags.model);
  // A machine without a model can still look into a directory.
  if (!model.ok() && (!has_target || !flags.model.empty())) {
    return model.status();
  }
  if (model.ok()) here["model"] = *std::move(model);
  return here;
}

absl::StatusOr<Json> Describe(const InfoFlags& flags) {
  if (flags.target.data.empty() && flags.target.server.empty()) {
    return DescribeHere(flags, /*has_target=*/false);
  }
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  ASSIGN_OR_RETURN(Json document, DescribeTarget(target));
  if (target.remote()) {
    // The server runs on libraries and a model of its own: those of its
    // collections are named there.
    document["client_versions"] = DescribeVersions();
    return document;
  }
  ASSIGN_OR_RETURN(const Json here, DescribeHere(flags, /*has_target=*/true));
  document.update(here);
  return document;
}

absl::Status RunInfo(const InfoFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const Json document, Describe(flags));
  if (context.json) {
    PrintJson(document);
  } else {
    std::cout << JsonText(document);
  }
  return absl::OkStatus();
}

}  // namespace

void AddInfoCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<InfoFlags>();
  CLI::App* command =
      AddCommand(app, "info",
                 "Show the versions, the model and the collections there are.\n"
                 "The collections are those of a data directory or a server; "
                 "of a server, versions\nand model are not known: the versions "
                 "shown then are this program's.",
                 "  likeness info\n"
                 "  likeness info --data ./catalogue --json\n"
                 "  likeness info --server localhost:50051\n");
  AddTargetFlags(*command, context, flags->target);
  AddSetting(*command, context, "--model", flags->model,
             "Folder of the model bundle (not with --server)");
  AddJsonFlag(*command, context);
  command->callback(
      [flags, &context] { context.Finish("info", RunInfo(*flags, context)); });
}

}  // namespace likeness
