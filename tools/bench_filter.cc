#include "tools/bench_filter.h"

#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/metadata.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/filter/field_index.h"
#include "engine/filter/field_index_builder.h"
#include "engine/filter/filter.h"
#include "tools/measure.h"

namespace likeness {
namespace {

using FieldIndexPtr = std::shared_ptr<const FieldIndex>;

constexpr size_t kBrands = 100;
constexpr size_t kTags = 50;
constexpr uint64_t kScatter = 7'919;  // A prime: articles in no order of rows.

std::string ArticleNumber(uint64_t number) {
  return absl::StrCat("SKU-", 1'000'000'000 + number);
}

Metadata Article(uint64_t row, const BenchFilterOptions& options) {
  Random random(options.seed, row);
  std::vector<std::string> tags;
  for (size_t i = random.Below(4); i > 0; --i) {
    tags.push_back(absl::StrCat("tag ", random.Below(kTags)));
  }
  return {{"sku", ArticleNumber(row * kScatter % options.rows)},
          {"price", random.Uniform(0, 100)},
          {"stock", static_cast<int64_t>(random.Below(1000))},
          {"brand", absl::StrCat("brand ", random.Below(kBrands))},
          {"new", random.Chance(0.5)},
          {"tags", std::move(tags)}};
}

// What is printed with every figure, and where.
struct Output {
  nlohmann::ordered_json setup;
  std::ostream& out;

  void Print(
      const std::string& metric, double value, const std::string& unit,
      nlohmann::ordered_json more = nlohmann::ordered_json::object()) const {
    nlohmann::ordered_json line = {{"bench", "filter"},
                                   {"metric", metric},
                                   {"value", value},
                                   {"unit", unit}};
    line.update(more);
    PrintFigure(std::move(line), setup, out);
  }
};

absl::StatusOr<FieldIndexPtr> MakeIndex(uint32_t begin, uint32_t end,
                                        const BenchFilterOptions& options) {
  FieldIndexBuilder builder;
  for (uint32_t row = begin; row < end; ++row) {
    builder.Add(row - begin, Article(row, options));
  }
  return std::move(builder).Build(end - begin);
}

// Made from two halves, as segments that grow are.
absl::StatusOr<FieldIndexPtr> MakeAndMerge(const BenchFilterOptions& options,
                                           const Output& output) {
  const absl::Time begin = absl::Now();
  const uint32_t half = options.rows / 2;
  ASSIGN_OR_RETURN(const FieldIndexPtr first, MakeIndex(0, half, options));
  ASSIGN_OR_RETURN(const FieldIndexPtr second,
                   MakeIndex(half, options.rows, options));
  const absl::Time made = absl::Now();
  ASSIGN_OR_RETURN(
      FieldIndexPtr merged,
      MergeFieldIndexes({{.index = first.get()}, {.index = second.get()}}));
  const absl::Time done = absl::Now();
  output.Print("build", options.rows / absl::ToDoubleSeconds(made - begin),
               "rows/s");
  output.Print("merge", options.rows / absl::ToDoubleSeconds(done - made),
               "rows/s");
  return merged;
}

absl::Status MeasureBytes(const FieldIndex& index, const Output& output) {
  const auto rows = static_cast<double>(index.num_rows());
  output.Print("memory", static_cast<double>(index.memory_bytes()) / rows,
               "bytes/row");
  for (const auto& [name, columns] : index.columns()) {
    size_t bytes = 0;
    for (const FieldColumn& column : columns) bytes += column.memory_bytes();
    output.Print("memory", static_cast<double>(bytes) / rows, "bytes/row",
                 {{"field", name}});
  }
  const std::string file = index.Serialize();
  output.Print("file", static_cast<double>(file.size()) / rows, "bytes/row");
  const absl::Time begin = absl::Now();
  RETURN_IF_ERROR(FieldIndex::Parse(file).status());
  output.Print("read", absl::ToDoubleMilliseconds(absl::Now() - begin), "ms");
  return absl::OkStatus();
}

absl::Status MeasureFilter(const FieldIndex& index, const std::string& text,
                           const BenchFilterOptions& options,
                           const Output& output) {
  ASSIGN_OR_RETURN(const Filter filter, Filter::Parse(text));
  RETURN_IF_ERROR(CheckTypes(filter, index.types()));
  const size_t passing = index.Evaluate(filter).Count();
  ASSIGN_OR_RETURN(const double evaluations,
                   RunsPerSecond(options.seconds, [&] {
                     return index.Evaluate(filter).size() == index.num_rows()
                                ? absl::OkStatus()
                                : absl::InternalError("rows are missing");
                   }));
  output.Print("evaluate", 1e6 / evaluations, "us",
               {{"filter", text}, {"passing", passing}});
  return absl::OkStatus();
}

}  // namespace

absl::Status BenchFilter(const BenchFilterOptions& options, std::ostream& out) {
  const Output output{{{"rows", options.rows}, {"seed", options.seed}}, out};
  ASSIGN_OR_RETURN(const FieldIndexPtr index, MakeAndMerge(options, output));
  RETURN_IF_ERROR(MeasureBytes(*index, output));
  const std::string article = ArticleNumber(options.rows / 2);
  for (const std::string& text : {
           std::string("price < 50"),
           std::string("price >= 23.4 AND price < 73.4"),
           std::string("new = true"),
           std::string("stock < 500"),
           std::string("price < 10"),
           std::string("brand = \"brand 1*\""),
           std::string("price >= 40 AND price < 41"),
           std::string("brand = \"brand 7\""),
           absl::StrCat("sku = \"", article, "\""),
           std::string("sku = \"SKU-*\""),
           std::string("tags:\"tag 3\" AND price < 50 AND NOT brand:\"brand "
                       "7\""),
       }) {
    RETURN_IF_ERROR(MeasureFilter(*index, text, options, output));
  }
  return absl::OkStatus();
}

}  // namespace likeness
