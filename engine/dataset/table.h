// Comma-separated text as RFC 4180 has it.
#ifndef LIKENESS_ENGINE_DATASET_TABLE_H_
#define LIKENESS_ENGINE_DATASET_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace likeness {

// A table whose first line names its columns.
class Table {
 public:
  struct Row {
    int line;  // Where it begins, from 1.
    std::vector<std::string> fields;
  };

  // Reads and parses the file at `path`. Fields may be quoted, and then hold
  // commas, line ends and doubled quotes; lines end in LF or CRLF; empty lines
  // are left out, as is a byte order mark. INVALID_ARGUMENT, naming file and
  // line, for a quote that never closes or stands inside a field, a row with
  // more or fewer fields than there are columns, and a column that is named
  // twice.
  static absl::StatusOr<Table> Read(const std::string& path);

  const std::string& path() const { return path_; }
  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<Row>& rows() const { return rows_; }

  // The column called `name`, -1 when there is none.
  int Find(absl::string_view name) const;
  // INVALID_ARGUMENT naming the file when there is none.
  absl::StatusOr<size_t> Require(absl::string_view name) const;

 private:
  std::string path_;
  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

// INVALID_ARGUMENT about one field: "<path>:<line>: <column>: <message>".
absl::Status BadField(absl::string_view path, int line,
                      absl::string_view column, absl::string_view message);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_DATASET_TABLE_H_
