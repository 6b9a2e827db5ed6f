#include "engine/filter/built_in_fields.h"

#include <cstdint>
#include <string>
#include <utility>

namespace likeness {
namespace {

void Put(Metadata& fields, absl::string_view name, MetadataValue value) {
  fields.emplace(std::string(name), std::move(value));
}

}  // namespace

Metadata BuiltInFields(const BuiltInFacts& facts) {
  Metadata fields;
  Put(fields, kFieldItemId, std::string(facts.id));
  if (!facts.source.empty()) {
    Put(fields, kFieldItemSource, std::string(facts.source));
  }
  Put(fields, kFieldItemCreateTime, facts.created);
  Put(fields, kFieldItemUpdateTime, facts.updated);
  if (facts.expires.has_value()) {
    Put(fields, kFieldItemExpireTime, *facts.expires);
  }
  if (facts.picture == nullptr) return fields;
  Put(fields, kFieldPictureWidth, int64_t{facts.picture->width});
  Put(fields, kFieldPictureHeight, int64_t{facts.picture->height});
  Put(fields, kFieldPictureSizeBytes,
      static_cast<int64_t>(facts.picture->size_bytes));
  Put(fields, kFieldPictureFormat,
      std::string(ImageFormatName(facts.picture->format)));
  return fields;
}

FieldTypes BuiltInFieldTypes() {
  FieldTypes types;
  types.Add(kFieldItemId, FieldType::kString);
  types.Add(kFieldItemSource, FieldType::kString);
  types.Add(kFieldItemCreateTime, FieldType::kTimestamp);
  types.Add(kFieldItemUpdateTime, FieldType::kTimestamp);
  types.Add(kFieldItemExpireTime, FieldType::kTimestamp);
  types.Add(kFieldPictureWidth, FieldType::kInt64);
  types.Add(kFieldPictureHeight, FieldType::kInt64);
  types.Add(kFieldPictureSizeBytes, FieldType::kInt64);
  types.Add(kFieldPictureFormat, FieldType::kString);
  return types;
}

}  // namespace likeness
