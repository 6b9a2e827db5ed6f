// likeness collection: makes and changes collections, here or on a server. The
// wire's messages are what both sides have in common.
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/core/status_macros.h"
#include "engine/embed/model_bundle.h"
#include "server/convert.h"
#include "tools/collection_text.h"
#include "tools/commands.h"
#include "tools/index_flags.h"
#include "tools/local_engine.h"
#include "tools/model_path.h"
#include "tools/remote_client.h"
#include "tools/target.h"

namespace likeness {
namespace {

struct CollectionFlags {
  TargetFlags target;
  std::string model;
  std::vector<std::string> dimensions;
  bool drop_thumbnails = false;
  IndexFlags index;
  std::vector<std::string> reset;
};

void Print(const v1::Collection& collection, const CommandContext& context) {
  const nlohmann::ordered_json document = CollectionJson(collection);
  if (context.json) {
    PrintJson(document);
  } else {
    std::cout << JsonText(document);
  }
}

// "similar=256".
absl::Status AddSpace(const std::string& argument,
                      v1::CreateCollectionRequest& request) {
  const std::vector<std::string> parts = absl::StrSplit(argument, '=');
  int dimensions = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &dimensions)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", argument, "\" is not SPACE=DIMENSIONS, such as similar=256"));
  }
  ASSIGN_OR_RETURN(const Space space, ParseSpace(parts[0]));
  v1::SpaceConfig& config = *request.add_vector_spaces();
  config.set_space(ToWire(space));
  config.set_dimensions(dimensions);
  return absl::OkStatus();
}

// What a collection must know of the model.
absl::StatusOr<ModelInfo> ReadModel(const std::string& model) {
  ASSIGN_OR_RETURN(const std::string folder, FindModel(model));
  ASSIGN_OR_RETURN(const ModelBundle bundle, ModelBundle::Load(folder));
  ModelInfo info;
  info.id = bundle.id;
  info.name = bundle.name;
  for (const Space space : kAllSpaces) {
    info.dimensions[space] = bundle.heads[space].dimensions;
  }
  return info;
}

absl::StatusOr<v1::Collection> Create(
    const CollectionFlags& flags, const Target& target,
    const v1::CreateCollectionRequest& request) {
  if (target.remote()) {
    return RemoteClient(target.server).CreateCollection(request);
  }
  ModelInfo model;
  if (request.vector_spaces().empty()) {
    ASSIGN_OR_RETURN(model, ReadModel(flags.model));
  }
  ASSIGN_OR_RETURN(const CollectionSpec spec, SpecFromWire(request, model));
  ASSIGN_OR_RETURN(const std::unique_ptr<CollectionSet> set,
                   CollectionSet::Open(target.data, /*create=*/true));
  ASSIGN_OR_RETURN(const auto collection, set->Create(spec));
  v1::Collection made;
  ToWire(*collection, made);
  return made;
}

absl::Status RunCreate(const CollectionFlags& flags,
                       const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  v1::CreateCollectionRequest request;
  request.set_name(target.collection);
  request.set_drop_thumbnails(flags.drop_thumbnails);
  for (const std::string& argument : flags.dimensions) {
    RETURN_IF_ERROR(AddSpace(argument, request));
  }
  RETURN_IF_ERROR(SetIndex(flags.index, *request.mutable_index()));
  ASSIGN_OR_RETURN(const v1::Collection made, Create(flags, target, request));
  Print(made, context);
  return absl::OkStatus();
}

absl::Status RunSet(const CollectionFlags& flags,
                    const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  v1::UpdateCollectionRequest request;
  request.set_name(target.collection);
  RETURN_IF_ERROR(SetIndex(flags.index, *request.mutable_index()));
  for (const std::string& path : PathsOf(request.index())) {
    request.mutable_update_mask()->add_paths(path);
  }
  for (const std::string& field : flags.reset) {
    request.mutable_update_mask()->add_paths(absl::StrCat("index.", field));
  }
  ASSIGN_OR_RETURN(const v1::Collection changed,
                   UpdateCollection(target, request));
  Print(changed, context);
  return absl::OkStatus();
}

using RunCollectionPart = absl::Status (*)(const CollectionFlags&,
                                           const CommandContext&);

CLI::App* AddPart(CLI::App& collection, CommandContext& context,
                  const std::shared_ptr<CollectionFlags>& flags,
                  const std::string& name, const std::string& help,
                  const std::string& examples, RunCollectionPart run) {
  CLI::App* command = AddCommand(collection, name, help, examples);
  AddTargetFlags(*command, context, flags->target);
  AddIndexFlags(*command, flags->index);
  AddJsonFlag(*command, context);
  command->callback([flags, &context, name, run] {
    context.Finish("collection " + name, run(*flags, context));
  });
  return command;
}

}  // namespace

void AddCollectionCommand(CLI::App& app, CommandContext& context) {
  CLI::App* collection = AddCommand(
      app, "collection",
      "Make a collection, or change how it is indexed.\n"
      "What is not chosen is left to the program's rule (docs/search.md).",
      "  likeness collection create --code int8 --data ./catalogue\n"
      "  likeness collection set --recall 0.95 --data ./catalogue\n");
  collection->require_subcommand(1);
  auto made = std::make_shared<CollectionFlags>();
  CLI::App* create = AddPart(
      *collection, context, made, "create",
      "Make an empty collection.\n"
      "Without --dimensions it takes pictures, and the model makes its "
      "vectors.",
      "  likeness collection create --collection shop --code int8 "
      "--data ./catalogue\n"
      "  likeness collection create --collection own --dimensions similar=512 "
      "--server localhost:50051\n",
      RunCreate);
  AddSetting(*create, context, "--model", made->model,
             "Folder of the model bundle (with --data)");
  create
      ->add_option("--dimensions", made->dimensions,
                   "SPACE=DIMENSIONS of a space of your own vectors, such as "
                   "similar=256")
      ->expected(1);
  create->add_flag("--no-thumbnails", made->drop_thumbnails,
                   "Keep no small pictures");
  auto changed = std::make_shared<CollectionFlags>();
  AddPart(*collection, context, changed, "set",
          "Change how a collection is indexed.\n"
          "Segments that are built from then on follow it; likeness compact "
          "rebuilds the others.",
          "  likeness collection set --code int8 --m 24 --data ./catalogue\n"
          "  likeness collection set --reset m --server localhost:50051\n",
          RunSet)
      ->add_option("--reset", changed->reset,
                   "Option to leave to the rule again: kind, code, m, "
                   "ef_construction, min_graph_rows, lists or recall_target")
      ->expected(1);
}

}  // namespace likeness
