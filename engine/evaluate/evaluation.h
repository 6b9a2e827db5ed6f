// What an evaluation found, in a form that a table, a JSON document and an HTML
// page are made of.
#ifndef LIKENESS_ENGINE_EVALUATE_EVALUATION_H_
#define LIKENESS_ENGINE_EVALUATE_EVALUATION_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "engine/evaluate/bootstrap.h"
#include "engine/evaluate/describe.h"
#include "engine/report/chart.h"
#include "engine/report/report.h"
#include "nlohmann/json_fwd.hpp"

namespace likeness {

// One descriptor's figures; the first row of a table is the model's.
struct FigureRow {
  std::string descriptor;
  int dimensions = 0;
  std::vector<Estimate> figures;  // Shares, 0..1; one for each column.
};

struct FigureTable {
  std::string name;  // For programs: "within_set".
  std::string heading;
  std::string text;                  // What was measured, on what, how many.
  std::vector<std::string> columns;  // For programs: "recall_at_1".
  std::vector<FigureRow> rows;
  std::vector<std::pair<std::string, size_t>> counts;  // "queries", ...
  std::vector<Chart> charts;
};

// A query that the model got wrong, worst first.
struct Mistake {
  std::string table;  // FigureTable::name.
  PictureSource query;
  PictureSource came;
  PictureSource expected;
  float came_similarity = 0;
  float expected_similarity = 0;
};

struct Evaluation {
  std::string task;
  std::string space;
  std::string model;  // Name and content id.
  std::string model_id;
  std::vector<std::pair<std::string, std::string>> setting;
  std::vector<FigureTable> tables;
  std::vector<Mistake> mistakes;
  std::vector<PictureFailure> failures;
};

// Columns in percent with their 95 % intervals, a table below the other.
std::string EvaluationText(const Evaluation& evaluation);

nlohmann::ordered_json EvaluationJson(const Evaluation& evaluation);

// What a bundle's card keeps of it (StoreMetrics in
// engine/embed/model_bundle.h): the setting and every table, each figure as
// [value, low, high], rounded to four places.
nlohmann::ordered_json EvaluationRecord(const Evaluation& evaluation);

// Tables, curves and the mistakes as pictures. A picture that can't be read any
// more is a grey field.
ReportPage EvaluationPage(const Evaluation& evaluation);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_EVALUATION_H_
