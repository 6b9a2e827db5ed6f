#include "tools/search_answer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/picture.h"
#include "tools/item_text.h"
#include "tools/remote_client.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

Json HitJson(const v1::Hit& hit, const std::string& group_by) {
  const v1::Item& item = hit.item();
  Json entry = {{"id", item.id()},
                {"similarity", hit.similarity()},
                {"distance", hit.distance()},
                {"source", item.source()}};
  if (hit.vector_count() > 1) {
    entry["vector_index"] = hit.vector_index();
    entry["vector_count"] = hit.vector_count();
  }
  const auto group = item.metadata().find(group_by);
  if (group != item.metadata().end()) {
    entry["group"] = ValueJson(group->second);
  }
  if (item.has_picture()) {
    // The wire's formats have the engine's numbers.
    const auto format = static_cast<ImageFormat>(item.picture().format());
    entry["picture"] = {{"width", item.picture().width()},
                        {"height", item.picture().height()},
                        {"format", std::string(ImageFormatName(format))}};
  }
  return entry;
}

}  // namespace

void AppendPage(v1::SearchResponse page, v1::SearchResponse& answer) {
  for (v1::Hit& hit : *page.mutable_hits()) {
    *answer.add_hits() = std::move(hit);
  }
  answer.set_exact(answer.exact() && page.exact());
  answer.set_candidates_examined(answer.candidates_examined() +
                                 page.candidates_examined());
  answer.set_next_page_token(page.next_page_token());
}

std::string AnswerText(const v1::SearchResponse& answer) {
  std::string text = "rank  similarity  distance  id\n";
  int rank = 0;
  for (const v1::Hit& hit : answer.hits()) {
    absl::StrAppendFormat(&text, "%4d  %10.4f  %8.4f  %s", ++rank,
                          hit.similarity(), hit.distance(), hit.item().id());
    if (hit.vector_count() > 1) {
      absl::StrAppendFormat(&text, "  (vector %d of 0 to %d)",
                            hit.vector_index(), hit.vector_count() - 1);
    }
    text.push_back('\n');
  }
  if (answer.hits().empty()) text = "nothing is that similar\n";
  absl::StrAppendFormat(&text, "(%s space, %s, %d items examined)\n",
                        SpaceName(FromWire(answer.space())),
                        answer.exact() ? "exact" : "approximate",
                        answer.candidates_examined());
  if (answer.has_groups_complete() && !answer.groups_complete()) {
    absl::StrAppend(&text, "(there may be more groups: --exact tells)\n");
  }
  return text;
}

Json AnswerJson(const v1::SearchResponse& answer, const std::string& group_by) {
  Json document = {
      {"space", std::string(SpaceName(FromWire(answer.space())))},
      {"metric", "cosine"},
      {"exact", answer.exact()},
      {"candidates_examined", answer.candidates_examined()},
      {"op_id", answer.op_id()},
      {"model_id", answer.model_id()},
  };
  if (answer.has_groups_complete()) {
    document["groups_complete"] = answer.groups_complete();
  }
  if (answer.has_min_similarity()) {
    document["min_similarity"] = answer.min_similarity();
  }
  document["hits"] = Json::array();
  for (const v1::Hit& hit : answer.hits()) {
    document["hits"].push_back(HitJson(hit, group_by));
  }
  return document;
}

}  // namespace likeness
