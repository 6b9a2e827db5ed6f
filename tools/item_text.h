// An item as `likeness item` reads and prints it, wherever it came from.
#ifndef LIKENESS_TOOLS_ITEM_TEXT_H_
#define LIKENESS_TOOLS_ITEM_TEXT_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/core/metadata.h"
#include "likeness/v1/types.pb.h"
#include "nlohmann/json.hpp"

namespace likeness {

// A metadata field from "name=value". A value that is JSON, a number, true,
// false, a "string" or a list of strings, is taken as such; anything else is a
// text as it stands. INVALID_ARGUMENT without a name or with other JSON.
absl::StatusOr<std::pair<std::string, MetadataValue>> ParseField(
    absl::string_view argument);

// null when it has no kind.
nlohmann::ordered_json ValueJson(const v1::MetadataValue& value);

nlohmann::ordered_json ItemJson(const v1::Item& item);

// A line a fact, then one a field.
std::string ItemText(const v1::Item& item);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_ITEM_TEXT_H_
