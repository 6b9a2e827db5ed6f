#include "engine/filter/field_types.h"

#include <iterator>
#include <type_traits>
#include <variant>
#include <vector>

#include "absl/strings/str_join.h"

namespace likeness {
namespace {

template <FieldType kType>
using AlternativeOf =
    std::variant_alternative_t<static_cast<size_t>(kType), MetadataValue>;

static_assert(std::variant_size_v<MetadataValue> == kNumFieldTypes);
static_assert(std::is_same_v<AlternativeOf<FieldType::kString>, std::string>);
static_assert(std::is_same_v<AlternativeOf<FieldType::kInt64>, int64_t>);
static_assert(std::is_same_v<AlternativeOf<FieldType::kDouble>, double>);
static_assert(std::is_same_v<AlternativeOf<FieldType::kBool>, bool>);
static_assert(std::is_same_v<AlternativeOf<FieldType::kTimestamp>, absl::Time>);
static_assert(std::is_same_v<AlternativeOf<FieldType::kStringList>,
                             std::vector<std::string>>);

constexpr absl::string_view kNames[kNumFieldTypes] = {
    "string", "int64", "double", "bool", "timestamp", "list of strings"};

}  // namespace

FieldType TypeOf(const MetadataValue& value) {
  return static_cast<FieldType>(value.index());
}

absl::string_view FieldTypeName(FieldType type) {
  return kNames[static_cast<size_t>(type)];
}

std::string FieldTypeSet::ToString() const {
  std::vector<absl::string_view> names;
  for (const FieldType type : kAllFieldTypes) {
    if (Has(type)) names.push_back(FieldTypeName(type));
  }
  return absl::StrJoin(names, " and ");
}

FieldTypeSet& FieldTypes::Entry(absl::string_view name) {
  const auto found = fields_.find(name);
  if (found != fields_.end()) return found->second;
  return fields_[std::string(name)];
}

void FieldTypes::Add(absl::string_view name, FieldType type) {
  Entry(name).Add(type);
}

void FieldTypes::Add(const Metadata& metadata) {
  for (const auto& [name, value] : metadata) Entry(name).Add(TypeOf(value));
}

void FieldTypes::Add(const FieldTypes& other) {
  for (const auto& [name, types] : other.fields_) Entry(name).Add(types);
}

FieldTypeSet FieldTypes::Of(absl::string_view name) const {
  const auto found = fields_.find(name);
  return found == fields_.end() ? FieldTypeSet() : found->second;
}

}  // namespace likeness
