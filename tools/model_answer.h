// What `likeness model` prints.
#ifndef LIKENESS_TOOLS_MODEL_ANSWER_H_
#define LIKENESS_TOOLS_MODEL_ANSWER_H_

#include <string>
#include <vector>

#include "engine/collection/collection_set.h"
#include "engine/collection/overlap.h"
#include "engine/store/item.h"
#include "indexer/reembed.h"
#include "nlohmann/json.hpp"

namespace likeness {

// Where a collection stands in a change of its model.
nlohmann::ordered_json StatusJson(const Generations& generations);
std::string StatusText(const Generations& generations);

// An item without vectors, and why.
nlohmann::ordered_json UnembeddedJson(const Item& item);
std::string UnembeddedText(const Item& item);

// What a re-embedding came to. `unembedded`: all items that the other
// generation has without vectors; the text shows the first few.
nlohmann::ordered_json ReembedJson(const ReembedResult& result,
                                   const Generations& generations,
                                   const std::vector<Item>& unembedded);
std::string ReembedText(const ReembedResult& result,
                        const Generations& generations,
                        const std::vector<Item>& unembedded);

nlohmann::ordered_json OverlapJson(const SpaceOverlap& overlap);
std::string OverlapText(const SpaceOverlap& overlap);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_MODEL_ANSWER_H_
