// likeness item: single items of a collection, here or on a server. The wire's
// messages are what both sides have in common.
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"
#include "server/convert_write.h"
#include "tools/commands.h"
#include "tools/delete_matching.h"
#include "tools/item_text.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"
#include "tools/target.h"

namespace likeness {
namespace {

struct ItemFlags {
  TargetFlags target;
  std::vector<std::string> ids;
  std::string id;
  std::vector<std::string> fields;
  std::vector<std::string> remove;
  std::string expires;
  DeleteMatchingFlags matching;
};

// A call that is repeated because its answer was lost must not count twice.
std::string NewRequestId() {
  std::random_device random;
  return absl::StrFormat("likeness-item-%08x%08x%08x%08x", random(), random(),
                         random(), random());
}

absl::StatusOr<v1::GetItemsResponse> GetItems(
    const Target& target, const std::vector<std::string>& ids) {
  v1::GetItemsResponse response;
  if (target.remote()) {
    v1::GetItemsRequest request;
    request.set_collection(target.collection);
    request.mutable_ids()->Assign(ids.begin(), ids.end());
    return RemoteClient(target.server).GetItems(request);
  }
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(target.data, target.collection));
  ASSIGN_OR_RETURN(const auto items, local.collection->GetMany(ids, {}));
  for (size_t i = 0; i < ids.size(); ++i) {
    if (items[i].has_value()) {
      ToWire(*items[i], *response.add_items());
    } else {
      response.add_missing_ids(ids[i]);
    }
  }
  return response;
}

absl::Status RunGet(const ItemFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  ASSIGN_OR_RETURN(const v1::GetItemsResponse found,
                   GetItems(target, flags.ids));
  nlohmann::ordered_json items = nlohmann::ordered_json::array();
  for (const v1::Item& item : found.items()) {
    if (context.json) {
      items.push_back(ItemJson(item));
    } else {
      std::cout << ItemText(item);
    }
  }
  if (context.json) PrintJson({{"items", std::move(items)}});
  if (found.missing_ids().empty()) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("there is no item \"",
                   absl::StrJoin(found.missing_ids(), "\", \""), "\""));
}

absl::Status SetExpiry(const std::string& text,
                       v1::UpdateItemMetadataRequest& request) {
  if (text.empty()) return absl::OkStatus();
  if (text == "never") {
    request.set_never_expires(true);
    return absl::OkStatus();
  }
  absl::Duration ttl;
  if (!absl::ParseDuration(text, &ttl)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" is neither \"never\" nor a time such as 90s or 36h"));
  }
  request.mutable_ttl()->set_seconds(absl::ToInt64Seconds(ttl));
  return absl::OkStatus();
}

absl::StatusOr<v1::UpdateItemMetadataResponse> Update(
    const Target& target, const v1::UpdateItemMetadataRequest& request) {
  if (target.remote()) {
    return RemoteClient(target.server).UpdateItemMetadata(request);
  }
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(target.data, target.collection));
  ASSIGN_OR_RETURN(Mutation patch, PatchFromWire(request));
  ASSIGN_OR_RETURN(const std::vector<Outcome> outcomes,
                   local.collection->ApplyAtomically({std::move(patch)}));
  v1::UpdateItemMetadataResponse response;
  ToWire(outcomes.front(), response);
  return response;
}

absl::Status RunSet(const ItemFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  v1::UpdateItemMetadataRequest request;
  request.set_collection(target.collection);
  request.set_id(flags.id);
  request.set_if_changed(true);
  request.set_request_id(NewRequestId());
  Metadata set;
  for (const std::string& field : flags.fields) {
    ASSIGN_OR_RETURN(auto parsed, ParseField(field));
    set.insert_or_assign(std::move(parsed.first), std::move(parsed.second));
  }
  MetadataToWire(set, *request.mutable_set());
  request.mutable_remove()->Assign(flags.remove.begin(), flags.remove.end());
  RETURN_IF_ERROR(SetExpiry(flags.expires, request));
  ASSIGN_OR_RETURN(const v1::UpdateItemMetadataResponse done,
                   Update(target, request));
  const bool changed = done.outcome() != v1::WRITE_OUTCOME_UNCHANGED;
  if (context.json) {
    PrintJson(
        {{"id", flags.id}, {"changed", changed}, {"op_id", done.op_id()}});
  } else {
    std::cout << (changed ? "changed, operation "
                          : "unchanged since operation ")
              << done.op_id() << "\n";
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint64_t>> Delete(
    const Target& target, const std::vector<std::string>& ids) {
  if (target.remote()) {
    v1::DeleteItemsRequest request;
    request.set_collection(target.collection);
    request.mutable_ids()->Assign(ids.begin(), ids.end());
    request.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(const v1::DeleteItemsResponse response,
                     RemoteClient(target.server).DeleteItems(request));
    return std::vector<uint64_t>(response.op_ids().begin(),
                                 response.op_ids().end());
  }
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(target.data, target.collection));
  return local.collection->Delete(ids);
}

absl::Status RunDelete(const ItemFlags& flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  if (flags.matching.given() == !flags.ids.empty() ||
      (flags.matching.dry_run && !flags.matching.given())) {
    return absl::InvalidArgumentError(
        "name the items by their ids, or all that pass a filter (--filter, "
        "also with --dry-run), or every item (--all)");
  }
  if (flags.matching.given()) {
    return DeleteMatching(target, flags.matching, context);
  }
  ASSIGN_OR_RETURN(const std::vector<uint64_t> op_ids,
                   Delete(target, flags.ids));
  nlohmann::ordered_json deleted = nlohmann::ordered_json::array();
  std::vector<std::string> absent;
  for (size_t i = 0; i < flags.ids.size(); ++i) {
    if (op_ids[i] == 0) {
      absent.push_back(flags.ids[i]);
    } else {
      deleted.push_back({{"id", flags.ids[i]}, {"op_id", op_ids[i]}});
    }
  }
  if (context.json) {
    PrintJson({{"deleted", deleted}, {"absent", absent}});
  } else {
    std::cout << "deleted " << deleted.size() << " of " << flags.ids.size()
              << "\n";
    for (const std::string& id : absent) {
      std::cout << "was not there: " << id << "\n";
    }
  }
  return absl::OkStatus();
}

using RunItemPart = absl::Status (*)(const ItemFlags&, const CommandContext&);

CLI::App* AddPart(CLI::App& item, CommandContext& context,
                  const std::shared_ptr<ItemFlags>& flags,
                  const std::string& name, const std::string& help,
                  const std::string& examples, RunItemPart run) {
  CLI::App* command = AddCommand(item, name, help, examples);
  AddTargetFlags(*command, context, flags->target);
  AddJsonFlag(*command, context);
  command->callback([flags, &context, name, run] {
    context.Finish("item " + name, run(*flags, context));
  });
  return command;
}

void AddSet(CLI::App& item, CommandContext& context) {
  auto flags = std::make_shared<ItemFlags>();
  CLI::App* command = AddPart(
      item, context, flags, "set",
      "Change the metadata of an item; its picture stays.\n"
      "A value that is a number, true, false, a \"string\" or a [\"list\"] is "
      "taken as such,\nanything else as a text.",
      "  likeness item set photos/owl.jpg colour=brown price=12.5 "
      "--data ./catalogue\n"
      "  likeness item set sku-1 --remove price --expires 36h "
      "--server localhost:50051\n",
      RunSet);
  command->add_option("ID", flags->id, "Of the item")->required();
  command->add_option("FIELD", flags->fields, "NAME=VALUE");
  command->add_option("--remove", flags->remove, "Name of a field to remove")
      ->expected(1);
  command->add_option("--expires", flags->expires,
                      "Leaves so long from now (90s, 36h), or never");
}

}  // namespace

void AddItemCommand(CLI::App& app, CommandContext& context) {
  CLI::App* item = AddCommand(
      app, "item",
      "Show, change or delete single items.\n"
      "Items are named by their ids; those of likeness index are paths.",
      "  likeness item get photos/owl.jpg --data ./catalogue\n"
      "  likeness item set photos/owl.jpg colour=brown --data ./catalogue\n"
      "  likeness item delete photos/owl.jpg --data ./catalogue\n");
  item->require_subcommand(1);
  auto get = std::make_shared<ItemFlags>();
  AddPart(*item, context, get, "get", "Show items.",
          "  likeness item get sku-1 sku-2 --data ./catalogue --json\n", RunGet)
      ->add_option("ID", get->ids, "Of the items")
      ->required();
  AddSet(*item, context);
  auto gone = std::make_shared<ItemFlags>();
  CLI::App* remove = AddPart(
      *item, context, gone, "delete",
      "Delete items: all of those that are there.\n"
      "With --filter, what passes when the command begins; an item that is "
      "changed after\nthat stays.",
      "  likeness item delete sku-1 sku-2 --server localhost:50051\n"
      "  likeness item delete --filter 'shop = \"closed\"' --dry-run "
      "--data ./catalogue\n",
      RunDelete);
  remove->add_option("ID", gone->ids, "Of the items");
  AddDeleteMatchingFlags(*remove, gone->matching);
}

}  // namespace likeness
