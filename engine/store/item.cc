#include "engine/store/item.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
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
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateItemId(absl::string_view id, absl::string_view field) {
  if (id.empty() || id.size() > kMaxItemIdBytes) {
    return InvalidField(
        field, absl::StrCat("has ", id.size(), " bytes, must have 1 to ",
                            kMaxItemIdBytes));
  }
  if (!IsValidUtf8(id)) return InvalidField(field, "is not valid UTF-8");
  if (std::any_of(id.begin(), id.end(), [](char c) {
        return absl::ascii_iscntrl(static_cast<unsigned char>(c));
      })) {
    return InvalidField(field, "has a control character");
  }
  return absl::OkStatus();
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

absl::Status ValidateItem(const Item& item) {
  RETURN_IF_ERROR(ValidateItemId(item.id));
  RETURN_IF_ERROR(ValidateMetadata(item.metadata));
  if (item.source.size() > kMaxSourceBytes) {
    return InvalidField("source",
                        absl::StrCat("has ", item.source.size(),
                                     " bytes, the limit is ", kMaxSourceBytes));
  }
  if (!IsValidUtf8(item.source)) {
    return InvalidField("source", "is not valid UTF-8");
  }
  if (item.thumbnail_jpeg.size() > kMaxThumbnailBytes) {
    return InvalidField(
        "thumbnail", absl::StrCat("has ", item.thumbnail_jpeg.size(),
                                  " bytes, the limit is ", kMaxThumbnailBytes));
  }
  return absl::OkStatus();
}

}  // namespace likeness
