// likeness search: the items most like a picture or an item, or like several.
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/core/status_macros.h"
#include "server/item_search.h"
#include "tools/commands.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"
#include "tools/search_answer.h"
#include "tools/search_question.h"
#include "tools/target.h"

namespace likeness {
namespace {

struct SearchCommand {
  TargetFlags target;
  std::string model;
  SearchFlags search;
};

// Pages of a search that asks for all there is.
constexpr int kPageHits = 1000;

using Ask =
    std::function<absl::StatusOr<v1::SearchResponse>(const v1::SearchRequest&)>;

// The answer to `request`, with all pages if it asks for pages.
absl::StatusOr<v1::SearchResponse> AskAll(v1::SearchRequest request,
                                          const Ask& ask) {
  if (request.paged()) request.set_k(kPageHits);
  ASSIGN_OR_RETURN(v1::SearchResponse answer, ask(request));
  while (!answer.next_page_token().empty()) {
    request.set_page_token(answer.next_page_token());
    ASSIGN_OR_RETURN(v1::SearchResponse page, ask(request));
    AppendPage(std::move(page), answer);
  }
  return answer;
}

// The model, loaded when it is first asked for.
class LocalModel {
 public:
  LocalModel(const std::string& folder, const CollectionSpec& spec)
      : folder_(folder), spec_(spec) {}

  absl::StatusOr<const PictureEncoder*> Encoder() {
    if (encoder_ == nullptr) {
      ASSIGN_OR_RETURN(embedder_, LoadModel(folder_));
      RETURN_IF_ERROR(CheckModel(spec_, embedder_->model()));
      encoder_ = std::make_unique<PictureEncoder>(*embedder_, DecodeLimits(),
                                                  kThumbnailSide);
    }
    return encoder_.get();
  }

 private:
  const std::string folder_;
  const CollectionSpec spec_;
  std::unique_ptr<Embedder> embedder_;
  std::unique_ptr<PictureEncoder> encoder_;
};

absl::StatusOr<v1::SearchResponse> SearchLocally(
    const SearchCommand& command, const Target& target,
    const v1::SearchRequest& request) {
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(target.data, target.collection));
  LocalModel model(command.model, local.collection->spec());
  const SearchMeans means = {.encoder = [&model] { return model.Encoder(); },
                             .check_wanted = [] { return absl::OkStatus(); }};
  return AskAll(
      request,
      [&](const v1::SearchRequest& page) -> absl::StatusOr<v1::SearchResponse> {
        v1::SearchResponse response;
        RETURN_IF_ERROR(SearchItems(page, *local.collection, means, response));
        return response;
      });
}

absl::StatusOr<v1::SearchResponse> SearchRemotely(
    const Target& target, const v1::SearchRequest& request) {
  const RemoteClient client(target.server);
  return AskAll(request, [&client](const v1::SearchRequest& page) {
    return client.Search(page);
  });
}

absl::Status RunSearch(const SearchCommand& command,
                       const CommandContext& context) {
  ASSIGN_OR_RETURN(const Target target, ChooseTarget(command.target));
  ASSIGN_OR_RETURN(const SearchQuestion question,
                   MakeQuestion(command.search, target.collection));
  const absl::StatusOr<v1::SearchResponse> answer =
      target.remote() ? SearchRemotely(target, question.request)
                      : SearchLocally(command, target, question.request);
  RETURN_IF_ERROR(NameFile(answer.status(), question));
  if (context.json) {
    PrintJson(AnswerJson(*answer, command.search.group_by));
  } else {
    std::cout << AnswerText(*answer);
  }
  return absl::OkStatus();
}

void AddQueryFlags(CLI::App& command, SearchFlags& flags) {
  command.add_option("IMAGE", flags.images, "Picture to look for, or several");
  command
      .add_option("--item", flags.items,
                  "Id of an item to look for, left out of the answer")
      ->allow_extra_args(false);
  command.add_option("--not", flags.not_images, "Picture to stay away from")
      ->allow_extra_args(false);
  command
      .add_option("--not-item", flags.not_items,
                  "Id of an item to stay away from")
      ->allow_extra_args(false);
  command
      .add_option("--rule", flags.rule,
                  "Of several pictures or items: mean, what they have in "
                  "common, or best, like any of them")
      ->check(CLI::IsMember({"mean", "best"}))
      ->capture_default_str();
}

void AddChoiceFlags(CLI::App& command, SearchFlags& flags) {
  command
      .add_option("--space", flags.space,
                  "similar: same or alike product; copy: the same photograph")
      ->capture_default_str();
  CLI::Option* k =
      command
          .add_option("-k,--k", flags.k,
                      "How many items, or groups, at most, 1 to 1000")
          ->check(CLI::Range(1, 1000))
          ->capture_default_str();
  CLI::Option* all =
      command.add_flag("--all", flags.all,
                       "All items that qualify, however many, in place of -k");
  all->excludes(k);
  CLI::Option* least =
      command
          .add_option("--min-similarity", flags.min_similarity,
                      "Only items at least this similar (inclusive), -1 to 1")
          ->check(CLI::Range(-1.0F, 1.0F));
  command
      .add_option("--min-precision", flags.min_precision,
                  "Only items so similar that calling them a match is right so "
                  "often, by the model's calibration")
      ->check(CLI::Range(0.0, 1.0))
      ->excludes(least);
  command.add_option("--filter", flags.filter,
                     "Only items that pass; docs/search.md has the language");
  command.add_option("--exclude", flags.exclude, "Id of an item to leave out")
      ->allow_extra_args(false);
  CLI::Option* group_by =
      command
          .add_option("--group-by", flags.group_by,
                      "Only the best item of each value of this metadata field")
          ->excludes(all);
  command
      .add_option("--group-size", flags.group_size,
                  "The best so many items of each value, 1 to 100")
      ->check(CLI::Range(1, 100))
      ->needs(group_by)
      ->capture_default_str();
  command.add_flag("--exact", flags.exact,
                   "Examine every item that passes, however long it takes");
  command
      .add_option("--recall", flags.recall,
                  "Otherwise: share of the nearest items to find, above 0 and "
                  "below 1 (default: the collection's)")
      ->check(CLI::Range(0.0F, 1.0F));
  command
      .add_option("--ef-search", flags.ef_search,
                  "In place of --recall: candidates to keep in each graph")
      ->check(CLI::Range(1, kMaxEfSearch));
  command
      .add_option("--nprobe", flags.nprobe,
                  "In place of --recall: lists to scan of each ivf segment")
      ->check(CLI::Range(1, kMaxNprobe));
}

}  // namespace

void AddSearchCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<SearchCommand>();
  CLI::App* command = AddCommand(
      app, "search",
      "Find the items most like a picture or another item.\n"
      "Similarity is the cosine of the two vectors, -1 to 1; distance is their "
      "Euclidean\ndistance, 0 to 2. The same picture is 1 alike and 0 apart, "
      "to within 1e-6.\nOf several pictures or items the mean is looked for, "
      "less a fifth of the mean of\nthose to stay away from, or the nearest to "
      "any (--rule best).",
      "  likeness search photo.jpg --data ./catalogue -k 5\n"
      "  likeness search photo.jpg --server localhost:50051 --space copy "
      "--json\n"
      "  likeness search --item shoe.jpg --min-similarity 0.8 --all "
      "--data ./catalogue\n"
      "  likeness search photo.jpg --filter 'price < 20' "
      "--data ./catalogue\n"
      "  likeness search photo.jpg --group-by product --group-size 3 "
      "--data ./catalogue\n"
      "  likeness search front.jpg back.jpg --rule best --data ./catalogue\n"
      "  likeness search shoe.jpg --not boot.jpg --data ./catalogue\n");
  AddQueryFlags(*command, flags->search);
  AddTargetFlags(*command, context, flags->target);
  AddSetting(*command, context, "--model", flags->model,
             "Folder of the model bundle (with --data)");
  AddChoiceFlags(*command, flags->search);
  AddJsonFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("search", RunSearch(*flags, context));
  });
}

}  // namespace likeness
