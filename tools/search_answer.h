// A search's answer as the commands print it.
#ifndef LIKENESS_TOOLS_SEARCH_ANSWER_H_
#define LIKENESS_TOOLS_SEARCH_ANSWER_H_

#include <string>

#include "likeness/v1/search_service.pb.h"
#include "nlohmann/json.hpp"

namespace likeness {

// Puts the hits of the next page behind those of `answer`, and says of both
// what is true of both.
void AppendPage(v1::SearchResponse page, v1::SearchResponse& answer);

// A line a hit: rank, similarity, distance, id.
std::string AnswerText(const v1::SearchResponse& answer);

// `group_by`: the field whose value each hit says; empty: none.
nlohmann::ordered_json AnswerJson(const v1::SearchResponse& answer,
                                  const std::string& group_by);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SEARCH_ANSWER_H_
