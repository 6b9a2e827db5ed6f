#ifndef LIKENESS_ENGINE_FILTER_FIELD_INDEX_BUILDER_H_
#define LIKENESS_ENGINE_FILTER_FIELD_INDEX_BUILDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/core/metadata.h"
#include "engine/filter/field_index.h"
#include "engine/filter/field_types.h"

namespace likeness {

// Makes a FieldIndex from metadata, row by row. Not thread-safe.
class FieldIndexBuilder {
 public:
  FieldIndexBuilder();
  ~FieldIndexBuilder();
  FieldIndexBuilder(const FieldIndexBuilder&) = delete;
  FieldIndexBuilder& operator=(const FieldIndexBuilder&) = delete;

  // Adds fields of `row`; rows never fall. A row may come in several calls (the
  // caller's fields, then the built-in ones), or not at all; a name counts
  // once. The values are such as ValidateMetadata accepts.
  void Add(uint32_t row, const Metadata& metadata);

  // The index of rows 0 .. num_rows - 1, more than any that was added.
  // RESOURCE_EXHAUSTED for more than kMaxFieldIndexRows, or 8 GiB of lists in
  // one field.
  absl::StatusOr<std::shared_ptr<const FieldIndex>> Build(size_t num_rows) &&;

 private:
  struct Pending;  // The values of one field that have one type.
  using PendingOfTypes = std::array<std::unique_ptr<Pending>, kNumFieldTypes>;

  std::map<std::string, PendingOfTypes, std::less<>> fields_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_FILTER_FIELD_INDEX_BUILDER_H_
