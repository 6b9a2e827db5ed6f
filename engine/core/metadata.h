// What callers say about an item: named values of six types.
#ifndef LIKENESS_ENGINE_CORE_METADATA_H_
#define LIKENESS_ENGINE_CORE_METADATA_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace likeness {

using MetadataValue = std::variant<std::string, int64_t, double, bool,
                                   absl::Time, std::vector<std::string>>;
using Metadata = std::map<std::string, MetadataValue, std::less<>>;

inline constexpr size_t kMaxMetadataFields = 128;
inline constexpr size_t kMaxFieldNameBytes = 128;
inline constexpr size_t kMaxMetadataBytes = 64 << 10;  // Names and values.

// True for names that begin with "item." or "picture.": those of built-in
// fields, which callers' fields may not have, so that a filter's field is never
// two things.
bool IsReservedFieldName(absl::string_view name);

// INVALID_ARGUMENT names the field and the limit.
absl::Status ValidateMetadata(const Metadata& metadata);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_METADATA_H_
