// likeness search: the items most like a picture or an item.
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "tools/commands.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"
#include "tools/search_answer.h"
#include "tools/target.h"

namespace likeness {
namespace {

struct SearchFlags {
  TargetFlags target;
  std::string image;
  std::string item;
  std::string model;
  std::string space = "similar";
  int k = 10;
  float min_similarity = -1.0F;
  std::string filter;
  bool exact = false;
  float recall = kDefaultRecallTarget;
};

absl::StatusOr<SearchAnswer> SearchLocally(const SearchFlags& flags,
                                           const Target& target, Space space) {
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(target.data, target.collection));
  SearchRequest request;
  request.space = space;
  request.k = flags.k;
  request.min_similarity = flags.min_similarity;
  if (!flags.filter.empty()) {
    ASSIGN_OR_RETURN(request.filter, Filter::Parse(flags.filter));
  }
  request.exact = flags.exact;
  request.recall_target = flags.recall;
  if (flags.image.empty()) {
    request.target = flags.item;
  } else {
    ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                     LoadModel(flags.model));
    RETURN_IF_ERROR(CheckModel(local.collection->spec(), embedder->model()));
    const PictureEncoder encoder(*embedder, DecodeLimits(), kThumbnailSide);
    ASSIGN_OR_RETURN(EncodedPicture picture, EncodeFile(encoder, flags.image));
    request.target = std::move(picture.embedding.vectors[space]);
  }
  ASSIGN_OR_RETURN(const SearchResult result,
                   local.collection->Search(request));
  return ToAnswer(result, space, local.collection->spec().model_id);
}

absl::StatusOr<SearchAnswer> SearchRemotely(const SearchFlags& flags,
                                            const Target& target, Space space) {
  v1::SearchRequest request;
  request.set_collection(target.collection);
  request.set_space(ToWire(space));
  request.set_k(flags.k);
  request.set_min_similarity(flags.min_similarity);
  request.set_filter(flags.filter);
  request.set_exact(flags.exact);
  request.set_recall_target(flags.recall);
  if (flags.image.empty()) {
    request.set_item_id(flags.item);
  } else {
    ASSIGN_OR_RETURN(*request.mutable_picture(),
                     ReadFile(flags.image, DecodeLimits().max_bytes));
  }
  const RemoteClient client(target.server);
  const absl::StatusOr<v1::SearchResponse> response = client.Search(request);
  if (!response.ok()) {
    return IsBadPicture(response.status())
               ? WithContext(WithoutFieldName(response.status()), flags.image)
               : response.status();
  }
  return ToAnswer(*response);
}

absl::Status RunSearch(const SearchFlags& flags,
                       const CommandContext& context) {
  if (flags.image.empty() == flags.item.empty()) {
    return absl::InvalidArgumentError(
        "name either a picture or an item of the collection (--item ID)");
  }
  ASSIGN_OR_RETURN(const Space space, ParseSpace(flags.space));
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(flags.target));
  ASSIGN_OR_RETURN(const SearchAnswer answer,
                   target.remote() ? SearchRemotely(flags, target, space)
                                   : SearchLocally(flags, target, space));
  if (context.json) {
    PrintJson(AnswerJson(answer));
  } else {
    std::cout << AnswerText(answer);
  }
  return absl::OkStatus();
}

}  // namespace

void AddSearchCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<SearchFlags>();
  CLI::App* command = AddCommand(
      app, "search",
      "Find the items most like a picture or another item.\n"
      "Similarity is the cosine of the two vectors, -1 to 1; distance is their "
      "Euclidean\ndistance, 0 to 2. The same picture is 1 alike and 0 apart, "
      "to "
      "within 1e-6.",
      "  likeness search photo.jpg --data ./catalogue -k 5\n"
      "  likeness search photo.jpg --server localhost:50051 --space copy "
      "--json\n"
      "  likeness search --item shop/shoe.jpg --min-similarity 0.8 "
      "--data ./catalogue\n"
      "  likeness search photo.jpg --filter 'price < 20' "
      "--data ./catalogue\n");
  command->add_option("IMAGE", flags->image, "Picture to look for");
  command->add_option("--item", flags->item,
                      "Id of an item to look for, left out of the answer");
  AddTargetFlags(*command, context, flags->target);
  AddSetting(*command, context, "--model", flags->model,
             "Folder of the model bundle (with --data)");
  command
      ->add_option("--space", flags->space,
                   "similar: same or alike product; copy: the same photograph")
      ->capture_default_str();
  command->add_option("-k,--k", flags->k, "How many items at most, 1 to 1000")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--min-similarity", flags->min_similarity,
                   "Only items at least this similar (inclusive)")
      ->check(CLI::Range(-1.0F, 1.0F))
      ->capture_default_str();
  command->add_option("--filter", flags->filter,
                      "Only items that pass; docs/search.md has the language");
  command->add_flag("--exact", flags->exact,
                    "Examine every item that passes, however long it takes");
  command
      ->add_option("--recall", flags->recall,
                   "Otherwise: share of the nearest items to find, above 0 and "
                   "below 1")
      ->check(CLI::Range(0.0F, 1.0F))
      ->capture_default_str();
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("search", RunSearch(*flags, context));
  });
}

}  // namespace likeness
