// Which types of values each metadata field has.
#ifndef LIKENESS_ENGINE_FILTER_FIELD_TYPES_H_
#define LIKENESS_ENGINE_FILTER_FIELD_TYPES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "engine/core/metadata.h"

namespace likeness {

// The alternatives of MetadataValue, in its order. Stored in files: append
// only.
enum class FieldType : uint8_t {
  kString = 0,
  kInt64 = 1,
  kDouble = 2,
  kBool = 3,
  kTimestamp = 4,
  kStringList = 5,
};
inline constexpr size_t kNumFieldTypes = 6;
inline constexpr std::array<FieldType, kNumFieldTypes> kAllFieldTypes = {
    FieldType::kString, FieldType::kInt64,     FieldType::kDouble,
    FieldType::kBool,   FieldType::kTimestamp, FieldType::kStringList};

FieldType TypeOf(const MetadataValue& value);

// "string", "int64", "double", "bool", "timestamp", "list of strings".
absl::string_view FieldTypeName(FieldType type);

// Any of the six types.
class FieldTypeSet {
 public:
  void Add(FieldType type) {
    bits_ = static_cast<uint8_t>(bits_ | 1U << static_cast<unsigned>(type));
  }
  void Add(FieldTypeSet other) {
    bits_ = static_cast<uint8_t>(bits_ | other.bits_);
  }
  bool Has(FieldType type) const {
    return (bits_ >> static_cast<unsigned>(type) & 1U) != 0;
  }
  bool empty() const { return bits_ == 0; }

  // "int64 and string"; "" when empty.
  std::string ToString() const;

  friend bool operator==(FieldTypeSet, FieldTypeSet) = default;

 private:
  uint8_t bits_ = 0;
};

// The fields of a collection, as declared or as seen in its items. A field that
// was seen with several types has all of them. Copyable; readers of an
// immutable one need no lock.
class FieldTypes {
 public:
  void Add(absl::string_view name, FieldType type);
  void Add(const Metadata& metadata);
  void Add(const FieldTypes& other);

  // Empty: there is no such field.
  FieldTypeSet Of(absl::string_view name) const;

  const std::map<std::string, FieldTypeSet, std::less<>>& fields() const {
    return fields_;
  }

 private:
  FieldTypeSet& Entry(absl::string_view name);

  std::map<std::string, FieldTypeSet, std::less<>> fields_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_FIELD_TYPES_H_
