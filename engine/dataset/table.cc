#include "engine/dataset/table.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr uint64_t kMaxTableBytes = uint64_t{1} << 30;

absl::Status BadLine(absl::string_view path, int line,
                     absl::string_view message) {
  return WithReason(
      absl::InvalidArgumentError(absl::StrCat(path, ":", line, ": ", message)),
      kReasonInvalidField);
}

// Cuts text into rows of fields, one row a call.
class RowReader {
 public:
  RowReader(absl::string_view path, absl::string_view text)
      : path_(path), rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }

  absl::StatusOr<Table::Row> Next() {
    Table::Row row{.line = line_, .fields = {}};
    do {
      ASSIGN_OR_RETURN(std::string field,
                       absl::ConsumePrefix(&rest_, "\"") ? Quoted() : Plain());
      row.fields.push_back(std::move(field));
    } while (absl::ConsumePrefix(&rest_, ","));
    absl::ConsumePrefix(&rest_, "\r");
    if (!rest_.empty() && !absl::ConsumePrefix(&rest_, "\n")) {
      return BadLine(path_, line_, "text behind a closing quote");
    }
    ++line_;
    return row;
  }

 private:
  absl::StatusOr<std::string> Plain() {
    const size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
    absl::string_view field = rest_.substr(0, end);
    if (end == rest_.size() || rest_[end] == '\n') {
      absl::ConsumeSuffix(&field, "\r");
    }
    if (field.find('"') != absl::string_view::npos) {
      return BadLine(path_, line_, "a quote inside a field without quotes");
    }
    rest_.remove_prefix(field.size());
    return std::string(field);
  }

  absl::StatusOr<std::string> Quoted() {
    std::string field;
    const int began = line_;
    while (true) {
      const size_t quote = rest_.find('"');
      if (quote == absl::string_view::npos) {
        return BadLine(path_, began, "a quote that never closes");
      }
      const absl::string_view part = rest_.substr(0, quote);
      line_ += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
      absl::StrAppend(&field, part);
      rest_.remove_prefix(quote + 1);
      if (!absl::ConsumePrefix(&rest_, "\"")) return field;
      field.push_back('"');
    }
  }

  absl::string_view path_;
  absl::string_view rest_;
  int line_ = 1;
};

}  // namespace

absl::StatusOr<Table> Table::Read(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxTableBytes));
  absl::string_view rest(text);
  absl::ConsumePrefix(&rest, "\xef\xbb\xbf");
  RowReader reader(path, rest);
  Table table;
  table.path_ = path;
  while (!reader.AtEnd()) {
    ASSIGN_OR_RETURN(Row row, reader.Next());
    if (row.fields.size() == 1 && row.fields.front().empty()) continue;
    if (table.columns_.empty()) {
      table.columns_ = std::move(row.fields);
    } else if (row.fields.size() != table.columns_.size()) {
      return BadLine(path, row.line,
                     absl::StrCat(row.fields.size(), " fields, but there are ",
                                  table.columns_.size(), " columns"));
    } else {
      table.rows_.push_back(std::move(row));
    }
  }
  for (size_t i = 0; i < table.columns_.size(); ++i) {
    const std::string& name = table.columns_[i];
    if (static_cast<size_t>(table.Find(name)) != i) {
      return BadField(path, 1, name, "is there twice");
    }
  }
  return table;
}

int Table::Find(absl::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  return found == columns_.end() ? -1
                                 : static_cast<int>(found - columns_.begin());
}

absl::StatusOr<size_t> Table::Require(absl::string_view name) const {
  const int found = Find(name);
  if (found < 0) return BadField(path_, 1, name, "there is no such column");
  return static_cast<size_t>(found);
}

absl::Status BadField(absl::string_view path, int line,
                      absl::string_view column, absl::string_view message) {
  return WithContext(InvalidField(column, message),
                     absl::StrCat(path, ":", line));
}

}  // namespace likeness
