#include "engine/evaluate/evaluation.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "engine/image/decode.h"
#include "engine/image/encode.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kListedFailures = 20;  // In the text.
constexpr int kThumbnailSide = 176;  // Pixels of the longer side on the page.

std::string ColumnTitle(const std::string& column) {
  return absl::StrReplaceAll(column, {{"_", " "}});
}

// "70.7 (66.1-75.0)", in percent; "-" where there is no figure.
std::string FigureText(const Estimate& estimate) {
  if (std::isnan(estimate.value)) return "-";
  std::string text = absl::StrFormat("%.1f", 100 * estimate.value);
  if (!std::isnan(estimate.low)) {
    absl::StrAppendFormat(&text, " (%.1f-%.1f)", 100 * estimate.low,
                          100 * estimate.high);
  }
  return text;
}

std::vector<std::vector<std::string>> Cells(const FigureTable& table) {
  std::vector<std::vector<std::string>> cells;
  cells.push_back({"descriptor", "dimensions"});
  for (const std::string& column : table.columns) {
    cells.back().push_back(ColumnTitle(column));
  }
  for (const FigureRow& row : table.rows) {
    cells.push_back({row.descriptor, absl::StrCat(row.dimensions)});
    for (const Estimate& figure : row.figures) {
      cells.back().push_back(FigureText(figure));
    }
  }
  return cells;
}

void AppendAligned(const std::vector<std::vector<std::string>>& cells,
                   std::string* text) {
  std::vector<size_t> widths(cells.front().size(), 0);
  for (const auto& line : cells) {
    for (size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], line[i].size());
    }
  }
  for (const auto& line : cells) {
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string padding(widths[i] - line[i].size(), ' ');
      absl::StrAppend(text, i == 0 ? "" : "  ",
                      i == 0 ? line[i] + padding : padding + line[i]);
    }
    absl::StrAppend(text, "\n");
  }
}

// JSON has no NaN: null stands for a figure that the data does not allow.
Json NumberOrNull(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json TableJson(const FigureTable& table) {
  Json json = {{"name", table.name},
               {"heading", table.heading},
               {"counts", Json::object()},
               {"rows", Json::array()}};
  for (const auto& [name, count] : table.counts) json["counts"][name] = count;
  for (const FigureRow& row : table.rows) {
    Json line = {{"descriptor", row.descriptor},
                 {"dimensions", row.dimensions},
                 {"figures", Json::object()}};
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const Estimate& figure = row.figures[i];
      line["figures"][table.columns[i]] = {
          {"value", NumberOrNull(figure.value)},
          {"low", NumberOrNull(figure.low)},
          {"high", NumberOrNull(figure.high)}};
    }
    json["rows"].push_back(std::move(line));
  }
  return json;
}

Json RoundedOrNull(double value) {
  return NumberOrNull(std::round(value * 1e4) / 1e4);
}

Json TableRecord(const FigureTable& table) {
  Json json = {{"heading", table.heading}, {"text", table.text}};
  for (const auto& [name, count] : table.counts) json["counts"][name] = count;
  for (const FigureRow& row : table.rows) {
    Json& figures = json["descriptors"][row.descriptor];
    figures["dimensions"] = row.dimensions;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const Estimate& figure = row.figures[i];
      figures[table.columns[i]] = {RoundedOrNull(figure.value),
                                   RoundedOrNull(figure.low),
                                   RoundedOrNull(figure.high)};
    }
  }
  return json;
}

std::string ThumbnailOf(const PictureSource& picture) {
  if (!picture.read) return "";
  const absl::StatusOr<std::string> bytes = picture.read();
  if (!bytes.ok()) return "";
  const absl::StatusOr<DecodedImage> decoded =
      DecodeImage(*bytes, DecodeLimits(), kThumbnailSide);
  if (!decoded.ok()) return "";
  return MakeThumbnail(decoded->image, kThumbnailSide).value_or("");
}

ReportPicture ShowPicture(const PictureSource& picture) {
  ReportPicture shown;
  shown.jpeg = ThumbnailOf(picture);
  const size_t slash = picture.name.rfind('/');
  shown.caption = slash == std::string::npos ? picture.name
                                             : picture.name.substr(slash + 1);
  shown.detail = picture.name;
  return shown;
}

ReportRow ShowMistake(const Mistake& mistake, const std::string& space) {
  ReportRow row;
  row.query = ShowPicture(mistake.query);
  ReportPicture came = ShowPicture(mistake.came);
  came.badge = "came";
  came.good = false;
  came.similarities = {{space, mistake.came_similarity}};
  ReportPicture expected = ShowPicture(mistake.expected);
  expected.badge = "should have";
  expected.similarities = {{space, mistake.expected_similarity}};
  row.answers = {std::move(came), std::move(expected)};
  return row;
}

}  // namespace

std::string EvaluationText(const Evaluation& evaluation) {
  std::string text = absl::StrCat(evaluation.task, " of ", evaluation.model,
                                  " in the space ", evaluation.space, "\n");
  for (const FigureTable& table : evaluation.tables) {
    absl::StrAppend(&text, "\n", table.heading, "\n", table.text, "\n");
    AppendAligned(Cells(table), &text);
  }
  if (!evaluation.failures.empty()) {
    absl::StrAppend(&text, "\n", evaluation.failures.size(),
                    " pictures could not be read and were left out:\n");
    const size_t listed = std::min(kListedFailures, evaluation.failures.size());
    for (size_t i = 0; i < listed; ++i) {
      const PictureFailure& failure = evaluation.failures[i];
      absl::StrAppend(&text, "  ", failure.name, ": ", failure.status.message(),
                      "\n");
    }
    if (listed < evaluation.failures.size()) {
      absl::StrAppend(&text, "  and ", evaluation.failures.size() - listed,
                      " more; --json lists them all\n");
    }
  }
  return text;
}

Json EvaluationJson(const Evaluation& evaluation) {
  Json json = {{"task", evaluation.task},   {"space", evaluation.space},
               {"model", evaluation.model}, {"model_id", evaluation.model_id},
               {"setting", Json::object()}, {"tables", Json::array()},
               {"mistakes", Json::array()}, {"failures", Json::array()}};
  for (const auto& [name, value] : evaluation.setting) {
    json["setting"][name] = value;
  }
  for (const FigureTable& table : evaluation.tables) {
    json["tables"].push_back(TableJson(table));
  }
  for (const Mistake& mistake : evaluation.mistakes) {
    json["mistakes"].push_back(
        {{"table", mistake.table},
         {"query", mistake.query.name},
         {"came", mistake.came.name},
         {"came_similarity", mistake.came_similarity},
         {"expected", mistake.expected.name},
         {"expected_similarity", mistake.expected_similarity}});
  }
  for (const PictureFailure& failure : evaluation.failures) {
    json["failures"].push_back(
        {{"picture", failure.name}, {"error", failure.status.message()}});
  }
  return json;
}

Json EvaluationRecord(const Evaluation& evaluation) {
  Json json = {{"task", evaluation.task}, {"space", evaluation.space}};
  for (const auto& [name, value] : evaluation.setting) {
    json["setting"][name] = value;
  }
  json["unread_pictures"] = evaluation.failures.size();
  for (const FigureTable& table : evaluation.tables) {
    json["tables"][table.name] = TableRecord(table);
  }
  return json;
}

ReportPage EvaluationPage(const Evaluation& evaluation) {
  ReportPage page;
  page.title = absl::StrCat("Evaluation: ", evaluation.task);
  page.subtitle =
      absl::StrCat(evaluation.model, ", space \"", evaluation.space, "\"");
  page.facts = evaluation.setting;
  for (const FigureTable& table : evaluation.tables) {
    ReportSection section;
    section.heading = table.heading;
    section.text = absl::StrCat(
        table.text, " In percent, with 95 % intervals in brackets.");
    section.table = Cells(table);
    section.charts = table.charts;
    page.sections.push_back(std::move(section));
  }
  if (!evaluation.mistakes.empty()) {
    ReportSection section;
    section.heading = "The worst mistakes";
    section.text =
        "Left the query, then what the model put first and what it should have "
        "found. The largest difference of the two similarities comes first.";
    for (const Mistake& mistake : evaluation.mistakes) {
      section.rows.push_back(ShowMistake(mistake, evaluation.space));
    }
    page.sections.push_back(std::move(section));
  }
  if (!evaluation.failures.empty()) {
    ReportSection section;
    section.heading = "Pictures that could not be read";
    section.text = "They were left out of every figure.";
    section.table.push_back({"picture", "error"});
    for (const PictureFailure& failure : evaluation.failures) {
      section.table.push_back(
          {failure.name, std::string(failure.status.message())});
    }
    page.sections.push_back(std::move(section));
  }
  page.footer =
      "Made by likeness evaluate. Every figure stands beside those of "
      "descriptors that learned nothing from this data.";
  return page;
}

}  // namespace likeness
