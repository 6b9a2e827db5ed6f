// What can be filtered of every item without its caller having said it.
#ifndef LIKENESS_ENGINE_FILTER_BUILT_IN_FIELDS_H_
#define LIKENESS_ENGINE_FILTER_BUILT_IN_FIELDS_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/metadata.h"
#include "engine/core/picture.h"
#include "engine/filter/field_types.h"

namespace likeness {

// Their names begin with one of the prefixes that callers' fields may not have
// (IsReservedFieldName), so neither can hide the other.
inline constexpr absl::string_view kFieldItemId = "item.id";
inline constexpr absl::string_view kFieldItemSource = "item.source";
inline constexpr absl::string_view kFieldItemCreateTime = "item.create_time";
inline constexpr absl::string_view kFieldItemUpdateTime = "item.update_time";
inline constexpr absl::string_view kFieldItemExpireTime = "item.expire_time";
inline constexpr absl::string_view kFieldPictureWidth = "picture.width";
inline constexpr absl::string_view kFieldPictureHeight = "picture.height";
inline constexpr absl::string_view kFieldPictureSizeBytes =
    "picture.size_bytes";
inline constexpr absl::string_view kFieldPictureFormat = "picture.format";

// What they are made of. Borrows everything.
struct BuiltInFacts {
  absl::string_view id;
  absl::string_view source;  // Empty: the item has no item.source.
  absl::Time created;
  absl::Time updated;
  std::optional<absl::Time> expires;      // None: it has no item.expire_time.
  const PictureFacts* picture = nullptr;  // Null: it has no picture.*.
};

// The built-in fields of one item. picture.format is a name ("jpeg").
Metadata BuiltInFields(const BuiltInFacts& facts);

// Their types, which every collection has.
FieldTypes BuiltInFieldTypes();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_BUILT_IN_FIELDS_H_
