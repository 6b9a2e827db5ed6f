// A search's answer as the commands print it, wherever it came from.
#ifndef LIKENESS_TOOLS_SEARCH_ANSWER_H_
#define LIKENESS_TOOLS_SEARCH_ANSWER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/collection/collection.h"
#include "likeness/v1/search_service.pb.h"
#include "nlohmann/json.hpp"

namespace likeness {

struct SearchAnswer {
  struct Hit {
    std::string id;
    std::string source;
    float similarity = 0;  // Cosine, -1..1.
    float distance = 0;    // Euclidean of the unit vectors, 0..2.
    int width = 0;         // 0: not known.
    int height = 0;
    std::string format;
  };
  std::vector<Hit> hits;
  std::string space;
  bool exact = false;
  uint64_t candidates_examined = 0;
  uint64_t op_id = 0;
  std::string model_id;
};

SearchAnswer ToAnswer(const SearchResult& result, Space space,
                      const std::string& model_id);
SearchAnswer ToAnswer(const v1::SearchResponse& response);

// A line a hit: rank, similarity, distance, id.
std::string AnswerText(const SearchAnswer& answer);
nlohmann::ordered_json AnswerJson(const SearchAnswer& answer);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SEARCH_ANSWER_H_
