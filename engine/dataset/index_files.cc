#include "engine/dataset/index_files.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/dataset/dataset_builder.h"
#include "engine/dataset/table.h"

namespace likeness {
namespace {

constexpr std::array kLists = {"train.csv", "val.csv", "test.csv"};

using LabelById = absl::flat_hash_map<std::string, int>;

absl::StatusOr<LabelById> ReadClasses(const std::string& path,
                                      DataSetBuilder& builder) {
  ASSIGN_OR_RETURN(const Table table, Table::Read(path));
  ASSIGN_OR_RETURN(const size_t name, table.Require("class"));
  ASSIGN_OR_RETURN(const size_t id, table.Require("class_id"));
  ASSIGN_OR_RETURN(const size_t coarse, table.Require("coarse_class"));
  ASSIGN_OR_RETURN(const size_t iconic, table.Require("iconic_image"));
  LabelById labels;
  for (const Table::Row& row : table.rows()) {
    const std::vector<std::string>& fields = row.fields;
    const absl::StatusOr<int> label =
        builder.Label(fields[name], fields[coarse]);
    if (!label.ok()) {
      return BadField(path, row.line, "class", label.status().message());
    }
    if (*label < 0) return BadField(path, row.line, "class", "is empty");
    if (!labels.try_emplace(fields[id], *label).second) {
      return BadField(path, row.line, "class_id",
                      absl::StrCat("'", fields[id], "' is there twice"));
    }
    if (fields[iconic].empty()) continue;
    builder.Add({.path = builder.Resolve(fields[iconic]),
                 .label = *label,
                 .group = "iconic",
                 .strokes = {}});
  }
  return labels;
}

absl::Status ReadList(const std::string& path, const LabelById& labels,
                      DataSetBuilder& builder) {
  ASSIGN_OR_RETURN(const Table table, Table::Read(path));
  ASSIGN_OR_RETURN(const size_t picture, table.Require("path"));
  ASSIGN_OR_RETURN(const size_t id, table.Require("class_id"));
  for (const Table::Row& row : table.rows()) {
    const auto found = labels.find(row.fields[id]);
    if (found == labels.end()) {
      return BadField(
          path, row.line, "class_id",
          absl::StrCat("'", row.fields[id], "' is not one of classes.csv"));
    }
    if (row.fields[picture].empty()) {
      return BadField(path, row.line, "path", "is empty");
    }
    builder.Add({.path = builder.Resolve(row.fields[picture]),
                 .label = found->second,
                 .group = "natural",
                 .strokes = {}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DataSet> ReadIndexFiles(const std::string& folder) {
  DataSetBuilder builder(folder, folder);
  ASSIGN_OR_RETURN(const LabelById labels,
                   ReadClasses(absl::StrCat(folder, "/classes.csv"), builder));
  for (const char* name : kLists) {
    const std::string path = absl::StrCat(folder, "/", name);
    if (!std::filesystem::exists(path)) continue;
    RETURN_IF_ERROR(ReadList(path, labels, builder));
  }
  return std::move(builder).Build();
}

}  // namespace likeness
