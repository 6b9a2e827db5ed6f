#include "tools/search_question.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/space.h"
#include "engine/core/status_macros.h"
#include "engine/image/decode.h"
#include "tools/remote_client.h"

namespace likeness {
namespace {

using WireExamples = google::protobuf::RepeatedPtrField<v1::Example>;

// Adds pictures, then items, to the examples that `field` names.
absl::Status AddExamples(const std::vector<std::string>& images,
                         const std::vector<std::string>& items,
                         const std::string& field, WireExamples& examples,
                         SearchQuestion& question) {
  for (const std::string& path : images) {
    question.files[absl::StrCat(field, "[", examples.size(), "].picture")] =
        path;
    ASSIGN_OR_RETURN(*examples.Add()->mutable_picture(),
                     ReadFile(path, DecodeLimits().max_bytes));
  }
  for (const std::string& id : items) examples.Add()->set_item_id(id);
  return absl::OkStatus();
}

absl::StatusOr<v1::ExampleRule> ParseRule(const std::string& rule) {
  if (rule == "mean") return v1::EXAMPLE_RULE_MEAN;
  if (rule == "best") return v1::EXAMPLE_RULE_BEST;
  return InvalidField("--rule",
                      absl::StrCat("\"", rule, "\" is neither mean nor best"));
}

absl::Status AddQuery(const SearchFlags& flags, SearchQuestion& question) {
  v1::SearchRequest& request = question.request;
  if (flags.images.empty() && flags.items.empty()) {
    return absl::InvalidArgumentError(
        "name a picture or an item of the collection (--item ID)");
  }
  const bool one = flags.images.size() + flags.items.size() == 1 &&
                   flags.not_images.empty() && flags.not_items.empty();
  if (one && !flags.items.empty()) {
    request.set_item_id(flags.items.front());
    return absl::OkStatus();
  }
  if (one) {
    question.files["picture"] = flags.images.front();
    ASSIGN_OR_RETURN(*request.mutable_picture(),
                     ReadFile(flags.images.front(), DecodeLimits().max_bytes));
    return absl::OkStatus();
  }
  v1::Examples& examples = *request.mutable_examples();
  ASSIGN_OR_RETURN(const v1::ExampleRule rule, ParseRule(flags.rule));
  examples.set_rule(rule);
  RETURN_IF_ERROR(AddExamples(flags.images, flags.items, "examples.positives",
                              *examples.mutable_positives(), question));
  return AddExamples(flags.not_images, flags.not_items, "examples.negatives",
                     *examples.mutable_negatives(), question);
}

}  // namespace

absl::StatusOr<SearchQuestion> MakeQuestion(const SearchFlags& flags,
                                            const std::string& collection) {
  SearchQuestion question;
  v1::SearchRequest& request = question.request;
  request.set_collection(collection);
  ASSIGN_OR_RETURN(const Space space, ParseSpace(flags.space));
  request.set_space(ToWire(space));
  request.set_k(flags.k);
  request.set_paged(flags.all);
  if (flags.min_similarity) request.set_min_similarity(*flags.min_similarity);
  if (flags.min_precision) request.set_min_precision(*flags.min_precision);
  request.set_filter(flags.filter);
  request.mutable_exclude_item_ids()->Assign(flags.exclude.begin(),
                                             flags.exclude.end());
  request.set_group_by(flags.group_by);
  request.set_group_size(flags.group_size);
  request.set_exact(flags.exact);
  if (flags.recall.has_value()) request.set_recall_target(*flags.recall);
  request.set_ef_search(flags.ef_search);
  request.set_nprobe(flags.nprobe);
  RETURN_IF_ERROR(AddQuery(flags, question));
  return question;
}

absl::Status NameFile(const absl::Status& status,
                      const SearchQuestion& question) {
  if (!IsBadPicture(status)) return status;
  const auto file = question.files.find(FieldOf(status));
  if (file == question.files.end()) return status;
  return WithContext(WithoutFieldName(status), file->second);
}

}  // namespace likeness
