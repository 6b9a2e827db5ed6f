// MergeFieldIndexes.
#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/core/status_macros.h"
#include "engine/filter/field_column.h"
#include "engine/filter/field_index.h"
#include "engine/filter/string_dictionary.h"

namespace likeness {
namespace {

// Where the rows of one part go.
class RowMap {
 public:
  // Borrows the part. Its first kept row becomes `first`.
  RowMap(const FieldIndexPart& part, size_t first)
      : part_(&part), first_(static_cast<uint32_t>(first)) {
    if (part.keep == nullptr) return;
    // Kept rows before each word, so that a row's place takes one popcount.
    uint32_t before = first_;
    for (const uint64_t word : part.keep->words()) {
      before_word_.push_back(before);
      before += static_cast<uint32_t>(std::popcount(word));
    }
  }

  // Replaces the rows from `begin` on by what they become, without those that
  // are dropped.
  void Apply(std::vector<uint32_t>& rows, size_t begin) const {
    size_t kept = begin;
    for (size_t i = begin; i < rows.size(); ++i) {
      const uint32_t row = rows[i];
      if (part_->keep == nullptr) {
        rows[kept++] = first_ + row;
      } else if (part_->keep->Test(row)) {
        const uint64_t below = (uint64_t{1} << (row % 64)) - 1;
        rows[kept++] = before_word_[row / 64] +
                       static_cast<uint32_t>(
                           std::popcount(part_->keep->Word(row / 64) & below));
      }
    }
    rows.resize(kept);
  }

 private:
  const FieldIndexPart* part_;
  uint32_t first_;
  std::vector<uint32_t> before_word_;
};

// One part's column on its way through the values, smallest first.
class NumberSource {
 public:
  using Key = int64_t;
  NumberSource(const FieldColumn& column, const RowMap& map)
      : column_(&column), map_(&map) {}

  bool Valid() const { return index_ < column_->numbers().size(); }
  int64_t key() const { return column_->numbers()[index_]; }
  size_t index() const { return index_; }
  void Next() { ++index_; }
  const FieldColumn& column() const { return *column_; }
  const RowMap& map() const { return *map_; }

 private:
  const FieldColumn* column_;
  const RowMap* map_;
  size_t index_ = 0;
};

class StringSource {
 public:
  using Key = std::string;
  StringSource(const FieldColumn& column, const RowMap& map)
      : column_(&column), map_(&map), cursor_(column.strings()) {}

  bool Valid() const { return cursor_.Valid(); }
  absl::string_view key() const { return cursor_.key(); }
  size_t index() const { return cursor_.index(); }
  void Next() { cursor_.Next(); }
  const FieldColumn& column() const { return *column_; }
  const RowMap& map() const { return *map_; }

 private:
  const FieldColumn* column_;
  const RowMap* map_;
  StringDictionary::Cursor cursor_;
};

// Gives `writer` the union of what the sources have. Sources are in the order
// of their rows. Parts are few, so the smallest key is looked for in all.
template <typename Source>
absl::Status MergeValues(std::vector<Source> sources,
                         FieldColumnWriter& writer) {
  std::vector<uint32_t> rows;
  while (true) {
    const Source* smallest = nullptr;
    for (const Source& source : sources) {
      if (source.Valid() &&
          (smallest == nullptr || source.key() < smallest->key())) {
        smallest = &source;
      }
    }
    if (smallest == nullptr) return absl::OkStatus();
    const typename Source::Key key(smallest->key());
    rows.clear();
    for (Source& source : sources) {
      if (!source.Valid() || source.key() != key) continue;
      const size_t begin = rows.size();
      source.column().lists().AppendTo(source.index(), rows);
      source.map().Apply(rows, begin);
      source.Next();
    }
    RETURN_IF_ERROR(writer.Add(key, rows));
  }
}

// The column of `index` for a field and type; null when it has none.
const FieldColumn* FindColumn(const FieldIndex& index, const std::string& name,
                              FieldType type) {
  const auto field = index.columns().find(name);
  if (field == index.columns().end()) return nullptr;
  for (const FieldColumn& column : field->second) {
    if (column.type() == type) return &column;
  }
  return nullptr;
}

template <typename Source>
absl::Status MergeSources(absl::Span<const FieldIndexPart> parts,
                          const std::vector<RowMap>& maps,
                          const std::string& name, FieldType type,
                          FieldColumnWriter& writer) {
  std::vector<Source> sources;
  for (size_t i = 0; i < parts.size(); ++i) {
    const FieldColumn* const column = FindColumn(*parts[i].index, name, type);
    if (column != nullptr) sources.emplace_back(*column, maps[i]);
  }
  return MergeValues(std::move(sources), writer);
}

std::vector<uint32_t> MergePresent(absl::Span<const FieldIndexPart> parts,
                                   const std::vector<RowMap>& maps,
                                   const std::string& name, FieldType type) {
  std::vector<uint32_t> rows;
  for (size_t i = 0; i < parts.size(); ++i) {
    const FieldColumn* const column = FindColumn(*parts[i].index, name, type);
    if (column == nullptr) continue;
    const size_t begin = rows.size();
    column->present().AppendTo(0, rows);
    maps[i].Apply(rows, begin);
  }
  return rows;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const FieldIndex>> MergeFieldIndexes(
    absl::Span<const FieldIndexPart> parts) {
  size_t num_rows = 0;
  std::vector<RowMap> maps;
  FieldTypes types;
  for (const FieldIndexPart& part : parts) {
    maps.emplace_back(part, num_rows);
    num_rows +=
        part.keep == nullptr ? part.index->num_rows() : part.keep->Count();
    types.Add(part.index->types());
  }
  RETURN_IF_ERROR(CheckFieldIndexRows(num_rows));
  FieldIndex::Columns columns;
  for (const auto& [name, of_field] : types.fields()) {
    for (const FieldType type : kAllFieldTypes) {
      if (!of_field.Has(type)) continue;
      const std::vector<uint32_t> present =
          MergePresent(parts, maps, name, type);
      if (present.empty()) continue;  // Only dropped rows had it.
      FieldColumnWriter writer(type, num_rows);
      RETURN_IF_ERROR(
          HasStringKeys(type)
              ? MergeSources<StringSource>(parts, maps, name, type, writer)
              : MergeSources<NumberSource>(parts, maps, name, type, writer));
      ASSIGN_OR_RETURN(FieldColumn column, std::move(writer).Finish(present));
      columns[name].push_back(std::move(column));
    }
  }
  return std::make_shared<const FieldIndex>(num_rows, std::move(columns));
}

}  // namespace likeness
