#include "engine/filter/field_index_builder.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "engine/core/status_macros.h"
#include "engine/filter/field_column.h"
#include "engine/filter/number_keys.h"
#include "engine/filter/string_dictionary.h"

namespace likeness {
namespace {

template <typename Key>
struct Posting {
  Key key;
  uint32_t row;

  friend auto operator<=>(const Posting&, const Posting&) = default;
};

// Gives `writer` every key of the sorted postings once, with its rows;
// `key_of` says what the writer calls it.
template <typename Key, typename KeyOf>
absl::Status AddGrouped(absl::Span<const Posting<Key>> postings,
                        const KeyOf& key_of, FieldColumnWriter& writer) {
  std::vector<uint32_t> rows;
  for (size_t begin = 0; begin < postings.size();) {
    const Key key = postings[begin].key;
    rows.clear();
    size_t end = begin;
    for (; end < postings.size() && postings[end].key == key; ++end) {
      const uint32_t row = postings[end].row;
      // A list may name a member twice.
      if (rows.empty() || rows.back() != row) rows.push_back(row);
    }
    RETURN_IF_ERROR(writer.Add(key_of(key), rows));
    begin = end;
  }
  return absl::OkStatus();
}

}  // namespace

struct FieldIndexBuilder::Pending {
  using Strings = absl::flat_hash_map<std::string, uint32_t>;

  std::vector<Posting<int64_t>> numbers;
  Strings ids;  // Of the distinct strings, as they came.
  std::vector<Posting<uint32_t>> strings;
  std::vector<uint32_t> present;

  void AddString(const std::string& text, uint32_t row) {
    const auto id = static_cast<uint32_t>(ids.size());
    strings.push_back(
        {ids.try_emplace(StringKey(text), id).first->second, row});
  }

  absl::Status Write(FieldColumnWriter& writer) {
    std::sort(numbers.begin(), numbers.end());
    RETURN_IF_ERROR(
        AddGrouped<int64_t>(numbers, [](int64_t key) { return key; }, writer));
    // Ids become ranks, so that numbers are sorted and not strings.
    std::vector<const Strings::value_type*> ordered;
    ordered.reserve(ids.size());
    for (const auto& entry : ids) ordered.push_back(&entry);
    std::sort(ordered.begin(), ordered.end(),
              [](const auto* a, const auto* b) { return a->first < b->first; });
    std::vector<uint32_t> ranks(ordered.size());
    for (size_t rank = 0; rank < ordered.size(); ++rank) {
      ranks[ordered[rank]->second] = static_cast<uint32_t>(rank);
    }
    for (Posting<uint32_t>& posting : strings) {
      posting.key = ranks[posting.key];
    }
    std::sort(strings.begin(), strings.end());
    return AddGrouped<uint32_t>(
        strings,
        [&](uint32_t rank) { return absl::string_view(ordered[rank]->first); },
        writer);
  }
};

namespace {

// Puts one value where its type's values are gathered.
template <typename Pending>
struct ValueAdder {
  Pending& pending;
  uint32_t row;

  void operator()(const std::string& value) const {
    pending.AddString(value, row);
  }
  void operator()(const std::vector<std::string>& values) const {
    for (const std::string& value : values) pending.AddString(value, row);
  }
  template <typename Number>
  void operator()(const Number& value) const {
    pending.numbers.push_back({KeyOf(value), row});
  }
};

}  // namespace

FieldIndexBuilder::FieldIndexBuilder() = default;
FieldIndexBuilder::~FieldIndexBuilder() = default;

void FieldIndexBuilder::Add(uint32_t row, const Metadata& metadata) {
  for (const auto& [name, value] : metadata) {
    std::unique_ptr<Pending>& pending = fields_[name][value.index()];
    if (pending == nullptr) pending = std::make_unique<Pending>();
    if (!pending->present.empty() && pending->present.back() == row) continue;
    pending->present.push_back(row);
    std::visit(ValueAdder<Pending>{*pending, row}, value);
  }
}

absl::StatusOr<std::shared_ptr<const FieldIndex>> FieldIndexBuilder::Build(
    size_t num_rows) && {
  RETURN_IF_ERROR(CheckFieldIndexRows(num_rows));
  FieldIndex::Columns columns;
  for (auto& [name, of_types] : fields_) {
    for (const FieldType type : kAllFieldTypes) {
      const std::unique_ptr<Pending> pending =
          std::move(of_types[static_cast<size_t>(type)]);
      if (pending == nullptr) continue;
      FieldColumnWriter writer(type, num_rows);
      RETURN_IF_ERROR(pending->Write(writer));
      ASSIGN_OR_RETURN(FieldColumn column,
                       std::move(writer).Finish(pending->present));
      columns[name].push_back(std::move(column));
    }
  }
  return std::make_shared<const FieldIndex>(num_rows, std::move(columns));
}

}  // namespace likeness
