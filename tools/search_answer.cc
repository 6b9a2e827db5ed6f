#include "tools/search_answer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/picture.h"
#include "tools/remote_client.h"

namespace likeness {

SearchAnswer ToAnswer(const SearchResult& result, Space space,
                      const std::string& model_id) {
  SearchAnswer answer;
  answer.space = std::string(SpaceName(space));
  answer.exact = result.exact;
  answer.candidates_examined = result.candidates_examined;
  answer.op_id = result.op_id;
  answer.model_id = model_id;
  for (const Hit& hit : result.hits) {
    SearchAnswer::Hit& out = answer.hits.emplace_back();
    out.id = hit.id;
    out.similarity = hit.similarity;
    out.distance = hit.distance;
    if (!hit.item.has_value()) continue;
    out.source = hit.item->source;
    if (!hit.item->picture.has_value()) continue;
    out.width = hit.item->picture->width;
    out.height = hit.item->picture->height;
    out.format = std::string(ImageFormatName(hit.item->picture->format));
  }
  return answer;
}

SearchAnswer ToAnswer(const v1::SearchResponse& response) {
  SearchAnswer answer;
  answer.space = std::string(SpaceName(FromWire(response.space())));
  answer.exact = response.exact();
  answer.candidates_examined =
      static_cast<uint64_t>(response.candidates_examined());
  answer.op_id = response.op_id();
  answer.model_id = response.model_id();
  for (const v1::Hit& hit : response.hits()) {
    SearchAnswer::Hit& out = answer.hits.emplace_back();
    out.id = hit.item().id();
    out.source = hit.item().source();
    out.similarity = hit.similarity();
    out.distance = hit.distance();
    if (!hit.item().has_picture()) continue;
    out.width = hit.item().picture().width();
    out.height = hit.item().picture().height();
    // The wire's formats have the engine's numbers.
    out.format = std::string(ImageFormatName(
        static_cast<ImageFormat>(hit.item().picture().format())));
  }
  return answer;
}

std::string AnswerText(const SearchAnswer& answer) {
  std::string text = "rank  similarity  distance  id\n";
  int rank = 0;
  for (const SearchAnswer::Hit& hit : answer.hits) {
    absl::StrAppend(&text,
                    absl::StrFormat("%4d  %10.4f  %8.4f  %s\n", ++rank,
                                    hit.similarity, hit.distance, hit.id));
  }
  if (answer.hits.empty()) text = "nothing is that similar\n";
  absl::StrAppend(&text, absl::StrFormat("(%s space, %s, %d items examined)\n",
                                         answer.space,
                                         answer.exact ? "exact" : "approximate",
                                         answer.candidates_examined));
  return text;
}

nlohmann::ordered_json AnswerJson(const SearchAnswer& answer) {
  nlohmann::ordered_json document = {
      {"space", answer.space},
      {"metric", "cosine"},
      {"exact", answer.exact},
      {"candidates_examined", answer.candidates_examined},
      {"op_id", answer.op_id},
      {"model_id", answer.model_id},
      {"hits", nlohmann::ordered_json::array()},
  };
  for (const SearchAnswer::Hit& hit : answer.hits) {
    nlohmann::ordered_json entry = {{"id", hit.id},
                                    {"similarity", hit.similarity},
                                    {"distance", hit.distance},
                                    {"source", hit.source}};
    if (hit.width > 0) {
      entry["picture"] = {
          {"width", hit.width}, {"height", hit.height}, {"format", hit.format}};
    }
    document["hits"].push_back(std::move(entry));
  }
  return document;
}

}  // namespace likeness
