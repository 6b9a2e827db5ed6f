#include "engine/collection/field_runs.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/core/status_macros.h"
#include "engine/filter/built_in_fields.h"
#include "engine/filter/field_index_builder.h"

namespace likeness {
namespace {

// Bits [offset, offset + size) of `from`; 0 beyond its end.
Bitmap Slice(const Bitmap& from, size_t offset, size_t size) {
  Bitmap slice;
  slice.Grow(size, false);
  for (size_t i = 0; i < size && offset + i < from.size(); ++i) {
    if (from.Test(offset + i)) slice.Set(i);
  }
  return slice;
}

}  // namespace

FieldRuns::FieldRuns(std::shared_ptr<const FieldIndex> index)
    : runs_({std::move(index)}) {}

size_t FieldRuns::num_rows() const {
  size_t rows = 0;
  for (const auto& run : runs_) rows += run->num_rows();
  return rows;
}

FieldTypes FieldRuns::types() const {
  FieldTypes types;
  for (const auto& run : runs_) types.Add(run->types());
  return types;
}

size_t FieldRuns::memory_bytes() const {
  size_t bytes = 0;
  for (const auto& run : runs_) bytes += run->memory_bytes();
  return bytes;
}

absl::Status FieldRuns::Append(std::shared_ptr<const FieldIndex> index) {
  size_t first = runs_.size();
  size_t rows = index->num_rows();
  while (first > 0 && runs_[first - 1]->num_rows() <= rows) {
    rows += runs_[--first]->num_rows();
  }
  if (first < runs_.size()) {
    std::vector<FieldIndexPart> parts;
    for (size_t i = first; i < runs_.size(); ++i) {
      parts.push_back({runs_[i].get(), nullptr});
    }
    parts.push_back({index.get(), nullptr});
    ASSIGN_OR_RETURN(index, MergeFieldIndexes(parts));
    runs_.resize(first);
  }
  runs_.push_back(std::move(index));
  return absl::OkStatus();
}

Bitmap FieldRuns::Evaluate(const Filter& filter) const {
  if (runs_.size() == 1) return runs_.front()->Evaluate(filter);
  Bitmap rows;
  for (const auto& run : runs_) rows.Append(run->Evaluate(filter));
  return rows;
}

absl::StatusOr<std::shared_ptr<const FieldIndex>> FieldRuns::Merge(
    absl::Span<const Part> parts) {
  std::vector<FieldIndexPart> inputs;
  std::vector<std::unique_ptr<const Bitmap>> kept;
  for (const Part& part : parts) {
    size_t offset = 0;
    for (const auto& run : part.runs->runs_) {
      kept.push_back(std::make_unique<const Bitmap>(
          Slice(*part.keep, offset, run->num_rows())));
      inputs.push_back({run.get(), kept.back().get()});
      offset += run->num_rows();
    }
  }
  return MergeFieldIndexes(inputs);
}

absl::StatusOr<std::shared_ptr<const FieldIndex>> IndexFields(
    absl::Span<const Item* const> items, FieldTypes& types) {
  FieldIndexBuilder builder;
  for (uint32_t row = 0; row < items.size(); ++row) {
    const Item& item = *items[row];
    builder.Add(row, item.metadata);
    builder.Add(row, BuiltInFields({item.id, item.source, item.created,
                                    item.updated, item.expires,
                                    item.picture.has_value() ? &*item.picture
                                                             : nullptr}));
    types.Add(item.metadata);
  }
  return std::move(builder).Build(items.size());
}

}  // namespace likeness
