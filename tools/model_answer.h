// What `likeness model` prints, whoever took the step.
#ifndef LIKENESS_TOOLS_MODEL_ANSWER_H_
#define LIKENESS_TOOLS_MODEL_ANSWER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "likeness/v1/model_service.pb.h"
#include "nlohmann/json.hpp"

namespace likeness {

// Where a collection stands in a change of its model.
nlohmann::ordered_json StatusJson(const v1::ModelChange& change);
std::string StatusText(const v1::ModelChange& change);

// An item without vectors, and why.
nlohmann::ordered_json UnembeddedJson(const v1::UnembeddedItem& item);
std::string UnembeddedText(const v1::UnembeddedItem& item);

// What a re-embedding came to, and how it ended. `unembedded`: all items that
// the other generation has without vectors; the text shows the first few.
nlohmann::ordered_json ReembedJson(
    const v1::ModelChange& change, const absl::Status& status,
    const std::vector<v1::UnembeddedItem>& unembedded);
std::string ReembedText(const v1::ModelChange& change,
                        const std::vector<v1::UnembeddedItem>& unembedded);

nlohmann::ordered_json OverlapJson(const v1::SpaceOverlap& overlap);
std::string OverlapText(const v1::SpaceOverlap& overlap);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_MODEL_ANSWER_H_
