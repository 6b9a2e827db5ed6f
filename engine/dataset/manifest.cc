#include "engine/dataset/manifest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/dataset/dataset_builder.h"
#include "engine/dataset/table.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using nlohmann::json;

constexpr uint64_t kMaxManifestBytes = uint64_t{1} << 30;

// Texts in the order of kTextColumns, then the strokes.
constexpr std::array<absl::string_view, 5> kTextColumns = {
    "path", "class", "class_group", "group", "split"};
enum TextColumn : size_t { kPath, kClass, kClassGroup, kGroup, kSplit };
constexpr absl::string_view kStrokes = "strokes";

struct Entry {
  std::array<std::string, kTextColumns.size()> texts;
  std::vector<StrokePoint> strokes;
};

std::optional<size_t> FindText(absl::string_view column) {
  const auto* found =
      std::find(kTextColumns.begin(), kTextColumns.end(), column);
  if (found == kTextColumns.end()) return std::nullopt;
  return static_cast<size_t>(found - kTextColumns.begin());
}

std::string UnknownColumn() {
  return absl::StrCat("is none of ", absl::StrJoin(kTextColumns, ", "), ", ",
                      kStrokes);
}

absl::StatusOr<StrokePoint> MakePoint(double x, double y, double lift) {
  if (!std::isfinite(x) || !std::isfinite(y) || (lift != 0 && lift != 1)) {
    return absl::InvalidArgumentError("x and y must be finite, lift 0 or 1");
  }
  return StrokePoint{static_cast<float>(x), static_cast<float>(y), lift == 1};
}

absl::StatusOr<std::vector<StrokePoint>> StrokesOfText(absl::string_view text) {
  std::vector<StrokePoint> points;
  if (text.empty()) return points;
  for (const absl::string_view part : absl::StrSplit(text, ';')) {
    const std::vector<absl::string_view> numbers =
        absl::StrSplit(part, ' ', absl::SkipEmpty());
    std::array<double, 3> values{};
    bool good = numbers.size() == values.size();
    for (size_t i = 0; good && i < values.size(); ++i) {
      good = absl::SimpleAtod(numbers[i], &values[i]);
    }
    if (!good) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", part, "' is not \"x y lift\""));
    }
    ASSIGN_OR_RETURN(StrokePoint point,
                     MakePoint(values[0], values[1], values[2]));
    points.push_back(point);
  }
  return points;
}

absl::StatusOr<std::vector<StrokePoint>> StrokesOfJson(const json& list) {
  std::vector<StrokePoint> points;
  if (!list.is_array()) return absl::InvalidArgumentError("must be a list");
  for (const json& item : list) {
    const bool good =
        item.is_array() && item.size() == 3 &&
        std::all_of(item.begin(), item.end(),
                    [](const json& number) { return number.is_number(); });
    if (!good) {
      return absl::InvalidArgumentError("a point must be [x, y, lift]");
    }
    ASSIGN_OR_RETURN(StrokePoint point,
                     MakePoint(item[0].get<double>(), item[1].get<double>(),
                               item[2].get<double>()));
    points.push_back(point);
  }
  return points;
}

absl::Status AddEntry(absl::string_view path, int line, Entry entry,
                      DataSetBuilder& builder) {
  auto& texts = entry.texts;
  if (texts[kPath].empty()) return BadField(path, line, "path", "is empty");
  const auto label = builder.Label(texts[kClass], texts[kClassGroup]);
  if (!label.ok()) {
    return WithContext(label.status(), absl::StrCat(path, ":", line));
  }
  const auto split = ParseSplit(texts[kSplit]);
  if (!split.ok()) {
    return BadField(path, line, "split", split.status().message());
  }
  builder.Add({.path = builder.Resolve(texts[kPath]),
               .label = *label,
               .group = std::move(texts[kGroup]),
               .split = *split,
               .strokes = std::move(entry.strokes)});
  return absl::OkStatus();
}

absl::Status ReadCsv(const std::string& path, DataSetBuilder& builder) {
  ASSIGN_OR_RETURN(const Table table, Table::Read(path));
  for (const std::string& column : table.columns()) {
    if (column != kStrokes && !FindText(column).has_value()) {
      return BadField(path, 1, column, UnknownColumn());
    }
  }
  RETURN_IF_ERROR(table.Require("path").status());
  for (const Table::Row& row : table.rows()) {
    Entry entry;
    for (size_t i = 0; i < row.fields.size(); ++i) {
      if (const auto text = FindText(table.columns()[i]); text.has_value()) {
        entry.texts[*text] = row.fields[i];
        continue;
      }
      auto strokes = StrokesOfText(row.fields[i]);
      if (!strokes.ok()) {
        return BadField(path, row.line, kStrokes, strokes.status().message());
      }
      entry.strokes = *std::move(strokes);
    }
    RETURN_IF_ERROR(AddEntry(path, row.line, std::move(entry), builder));
  }
  return absl::OkStatus();
}

absl::StatusOr<json> ParseObject(absl::string_view path, int line,
                                 absl::string_view text) {
  std::string problem = "must be an object";
  try {
    json object = json::parse(text.begin(), text.end());
    if (object.is_object()) return object;
  } catch (const json::parse_error& error) {
    problem = absl::StrCat("not JSON at character ", error.byte);
  }
  return WithReason(
      absl::InvalidArgumentError(absl::StrCat(path, ":", line, ": ", problem)),
      kReasonInvalidField);
}

absl::StatusOr<Entry> EntryOf(absl::string_view path, int line,
                              const json& object) {
  Entry entry;
  for (const auto& [key, value] : object.items()) {
    if (key == kStrokes) {
      auto strokes = StrokesOfJson(value);
      if (!strokes.ok()) {
        return BadField(path, line, key, strokes.status().message());
      }
      entry.strokes = *std::move(strokes);
      continue;
    }
    const std::optional<size_t> text = FindText(key);
    if (!text.has_value()) return BadField(path, line, key, UnknownColumn());
    if (value.is_null()) continue;
    if (!value.is_string()) {
      return BadField(path, line, key, "must be a string");
    }
    entry.texts[*text] = value.get<std::string>();
  }
  return entry;
}

absl::Status ReadJsonLines(const std::string& path, DataSetBuilder& builder) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxManifestBytes));
  int line = 0;
  for (const absl::string_view row : absl::StrSplit(text, '\n')) {
    ++line;
    if (absl::StripAsciiWhitespace(row).empty()) continue;
    ASSIGN_OR_RETURN(const json object, ParseObject(path, line, row));
    ASSIGN_OR_RETURN(Entry entry, EntryOf(path, line, object));
    RETURN_IF_ERROR(AddEntry(path, line, std::move(entry), builder));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DataSet> ReadManifest(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder.push_back('.');  // GCC 12 warns of = ".".
  // A folder's own manifest speaks for the folder.
  const bool own = std::filesystem::path(path).stem() == "manifest";
  DataSetBuilder builder(own ? folder : path, folder);
  const bool json_lines =
      absl::EndsWith(path, ".jsonl") || absl::EndsWith(path, ".ndjson");
  RETURN_IF_ERROR(json_lines ? ReadJsonLines(path, builder)
                             : ReadCsv(path, builder));
  return std::move(builder).Build();
}

absl::StatusOr<Split> ParseSplit(absl::string_view name) {
  if (name.empty()) return Split::kUnassigned;
  if (name == "train") return Split::kTrain;
  if (name == "validation" || name == "val") return Split::kValidation;
  if (name == "test") return Split::kTest;
  return absl::InvalidArgumentError(
      absl::StrCat("'", name, "' is none of train, validation, test"));
}

}  // namespace likeness
