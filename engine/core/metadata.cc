#include "engine/core/metadata.h"

#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/core/utf8.h"

namespace likeness {
namespace {

// Checks one value and adds its bytes to `bytes`.
struct ValueChecker {
  const std::string& field;
  size_t& bytes;

  absl::Status operator()(const std::string& value) const {
    bytes += value.size();
    if (IsValidUtf8(value)) return absl::OkStatus();
    return InvalidField(field, "is not valid UTF-8");
  }
  absl::Status operator()(const std::vector<std::string>& values) const {
    for (const std::string& value : values) {
      bytes += 1;  // A list of empty strings is not free.
      RETURN_IF_ERROR((*this)(value));
    }
    return absl::OkStatus();
  }
  absl::Status operator()(double value) const {
    bytes += sizeof(value);
    if (std::isfinite(value)) return absl::OkStatus();
    return InvalidField(field, "is not a finite number");
  }
  absl::Status operator()(absl::Time value) const {
    bytes += sizeof(int64_t);
    if (value != absl::InfinitePast() && value != absl::InfiniteFuture()) {
      return absl::OkStatus();
    }
    return InvalidField(field, "is not a finite time");
  }
  absl::Status operator()(int64_t value) const {
    bytes += sizeof(value);
    return absl::OkStatus();
  }
  absl::Status operator()(bool /*value*/) const {
    bytes += 1;
    return absl::OkStatus();
  }
};

absl::Status ValidateFieldName(const std::string& name) {
  if (name.empty() || name.size() > kMaxFieldNameBytes) {
    return InvalidField(
        "metadata",
        absl::StrCat("a field name has ", name.size(),
                     " bytes, must have 1 to ", kMaxFieldNameBytes));
  }
  if (!IsValidUtf8(name)) {
    return InvalidField("metadata", "a field name is not valid UTF-8");
  }
  if (IsReservedFieldName(name)) {
    return InvalidField("metadata",
                        absl::StrCat("the field name \"", name,
                                     "\" is reserved: names that begin with "
                                     "item. or picture. are built in"));
  }
  return absl::OkStatus();
}

}  // namespace

bool IsReservedFieldName(absl::string_view name) {
  return absl::StartsWith(name, "item.") || absl::StartsWith(name, "picture.");
}

absl::Status ValidateMetadata(const Metadata& metadata) {
  if (metadata.size() > kMaxMetadataFields) {
    return InvalidField(
        "metadata", absl::StrCat("has ", metadata.size(),
                                 " fields, the limit is ", kMaxMetadataFields));
  }
  size_t bytes = 0;
  for (const auto& [name, value] : metadata) {
    RETURN_IF_ERROR(ValidateFieldName(name));
    const std::string field = absl::StrCat("metadata.", name);
    bytes += name.size();
    RETURN_IF_ERROR(std::visit(ValueChecker{field, bytes}, value));
  }
  if (bytes > kMaxMetadataBytes) {
    return InvalidField("metadata",
                        absl::StrCat("has ", bytes, " bytes, the limit is ",
                                     kMaxMetadataBytes));
  }
  return absl::OkStatus();
}

}  // namespace likeness
