// A collection as commands print it, wherever it came from.
#ifndef LIKENESS_TOOLS_COLLECTION_TEXT_H_
#define LIKENESS_TOOLS_COLLECTION_TEXT_H_

#include <string>

#include "likeness/v1/collection_service.pb.h"
#include "nlohmann/json.hpp"

namespace likeness {

nlohmann::ordered_json CollectionJson(const v1::Collection& collection);

nlohmann::ordered_json CompactionJson(const v1::Compaction& compaction);

// The decimal number that `value` was written as, such as 0.95, and not the
// float's own digits.
double DecimalOf(float value);

// `document` for people: one entry a line, nested ones indented.
std::string JsonText(const nlohmann::ordered_json& document);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_COLLECTION_TEXT_H_
