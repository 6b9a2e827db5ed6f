// FieldIndex as bytes: docs/storage_format.md, "Field indexes".
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/core/checksum.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/filter/field_column.h"
#include "engine/filter/field_index.h"

namespace likeness {
namespace {

static_assert(std::endian::native == std::endian::little,
              "numbers are stored as this machine's");

constexpr absl::string_view kMagic = "LKFIELD\n";
constexpr uint32_t kVersion = 1;

absl::Status Damaged(absl::string_view why) {
  return WithReason(absl::DataLossError(absl::StrCat("field index: ", why)),
                    kReasonCorruptData);
}

template <typename T>
void AppendNumber(T value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename T>
void AppendNumbers(const std::vector<T>& values, std::string& out) {
  out.append(reinterpret_cast<const char*>(values.data()),
             values.size() * sizeof(T));
}

void AppendText(absl::string_view text, std::string& out) {
  AppendNumber(uint64_t{text.size()}, out);
  absl::StrAppend(&out, text);
}

void AppendLists(const PostingLists& lists, std::string& out) {
  AppendNumbers(lists.handles(), out);
  AppendNumber(uint64_t{lists.words().size()}, out);
  AppendNumbers(lists.words(), out);
}

void AppendColumn(const std::string& name, const FieldColumn& column,
                  std::string& out) {
  AppendText(name, out);
  AppendNumber(static_cast<uint8_t>(column.type()), out);
  AppendNumber(uint64_t{column.num_values()}, out);
  if (HasStringKeys(column.type())) {
    AppendText(column.strings().bytes(), out);
  } else {
    AppendNumbers(column.numbers(), out);
  }
  AppendLists(column.lists(), out);
  AppendLists(column.present(), out);
}

// Takes values off the front of bytes. The first that is not there makes it
// fail for good, and empty values come out.
class Reader {
 public:
  explicit Reader(absl::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T Number() {
    T value = 0;
    const absl::string_view bytes = Bytes(sizeof(T));
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  template <typename T>
  std::vector<T> Numbers(uint64_t count) {
    // Never more memory than there are bytes.
    if (count > bytes_.size() / sizeof(T)) ok_ = false;
    if (!ok_ || count == 0) return {};
    std::vector<T> values(count);
    std::memcpy(values.data(), Bytes(count * sizeof(T)).data(),
                count * sizeof(T));
    return values;
  }

  std::string Text() { return std::string(Bytes(Number<uint64_t>())); }

  bool ok() const { return ok_; }
  bool done() const { return ok_ && bytes_.empty(); }

 private:
  absl::string_view Bytes(uint64_t count) {
    if (count > bytes_.size()) ok_ = false;
    if (!ok_) return {};
    const absl::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }

  absl::string_view bytes_;
  bool ok_ = true;
};

PostingLists ReadLists(uint64_t count, Reader& reader) {
  std::vector<uint32_t> handles = reader.Numbers<uint32_t>(count);
  const auto num_words = reader.Number<uint64_t>();
  return {std::move(handles), reader.Numbers<uint32_t>(num_words)};
}

// Reads what AppendColumn wrote behind the name; nullopt unless it is
// consistent.
std::optional<FieldColumn> ReadColumn(size_t num_rows, Reader& reader) {
  FieldColumn::Parts parts;
  const auto type = reader.Number<uint8_t>();
  if (type >= kNumFieldTypes) return std::nullopt;
  parts.type = static_cast<FieldType>(type);
  const auto num_values = reader.Number<uint64_t>();
  if (HasStringKeys(parts.type)) {
    std::optional<StringDictionary> strings =
        StringDictionary::Parse(reader.Text(), num_values);
    if (!strings.has_value()) return std::nullopt;
    parts.strings = *std::move(strings);
  } else {
    parts.numbers = reader.Numbers<int64_t>(num_values);
    if (std::adjacent_find(parts.numbers.begin(), parts.numbers.end(),
                           std::greater_equal<>()) != parts.numbers.end()) {
      return std::nullopt;
    }
  }
  parts.lists = ReadLists(num_values, reader);
  parts.present = ReadLists(1, reader);
  if (!reader.ok() || !parts.lists.Check(num_rows) ||
      !parts.present.Check(num_rows)) {
    return std::nullopt;
  }
  return FieldColumn(std::move(parts), num_rows);
}

}  // namespace

std::string FieldIndex::Serialize() const {
  std::string out(kMagic);
  AppendNumber(kVersion, out);
  AppendNumber(uint64_t{num_rows_}, out);
  uint64_t num_columns = 0;
  for (const auto& [name, columns] : columns_) num_columns += columns.size();
  AppendNumber(num_columns, out);
  for (const auto& [name, columns] : columns_) {
    for (const FieldColumn& column : columns) AppendColumn(name, column, out);
  }
  AppendNumber(Checksum64(out), out);
  return out;
}

absl::StatusOr<std::shared_ptr<const FieldIndex>> FieldIndex::Parse(
    absl::string_view bytes) {
  uint64_t checksum = 0;
  if (bytes.size() < kMagic.size() + sizeof(checksum) ||
      bytes.substr(0, kMagic.size()) != kMagic) {
    return Damaged("it does not begin as one does");
  }
  const absl::string_view contents =
      bytes.substr(0, bytes.size() - sizeof(checksum));
  std::memcpy(&checksum, bytes.data() + contents.size(), sizeof(checksum));
  if (Checksum64(contents) != checksum) return Damaged("its checksum is wrong");

  Reader reader(contents.substr(kMagic.size()));
  const auto version = reader.Number<uint32_t>();
  if (version > kVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("field index: it has the format ", version,
                     ", this program knows ", kVersion, " and older ones"));
  }
  const auto num_rows = reader.Number<uint64_t>();
  const auto num_columns = reader.Number<uint64_t>();
  if (version == 0 || !CheckFieldIndexRows(num_rows).ok()) {
    return Damaged("its header makes no sense");
  }
  Columns columns;
  for (uint64_t i = 0; i < num_columns && reader.ok(); ++i) {
    const std::string name = reader.Text();
    std::optional<FieldColumn> column = ReadColumn(num_rows, reader);
    if (!column.has_value()) {
      return Damaged(absl::StrCat("column ", i, " is not well-formed"));
    }
    std::vector<FieldColumn>& of_field = columns[name];
    if (!of_field.empty() && of_field.back().type() >= column->type()) {
      return Damaged(absl::StrCat("column ", i, " is there twice"));
    }
    of_field.push_back(*std::move(column));
  }
  if (!reader.done()) return Damaged("it has another size than it should");
  return std::make_shared<const FieldIndex>(num_rows, std::move(columns));
}

}  // namespace likeness
