#include "tools/verify_answer.h"

#include <iostream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace likeness {

using Json = nlohmann::ordered_json;

Json DescribeReport(const std::string& folder, const VerifyReport& report) {
  Json problems = Json::array();
  for (const VerifyProblem& problem : report.problems()) {
    problems.push_back({{"where", problem.where}, {"what", problem.what}});
  }
  Json recall = Json::array();
  for (const RecallSample& sample : report.recall) {
    recall.push_back({{"collection", sample.name.collection},
                      {"other_generation", sample.name.is_other},
                      {"space", sample.space},
                      {"searches", sample.searches},
                      {"recall_at_10", sample.recall()}});
  }
  return {{"folder", folder},
          {"ok", report.ok()},
          {"files", report.files},
          {"tables", report.tables},
          {"collections", report.collections},
          {"operations", report.operations},
          {"items", report.items},
          {"segments", report.segments},
          {"rows", report.rows},
          {"recall", std::move(recall)},
          {"problem_count", report.num_problems()},
          {"repairable_count", report.num_derived_problems()},
          {"problems", std::move(problems)}};
}

void PrintReport(const std::string& folder, const VerifyReport& report) {
  for (const VerifyProblem& problem : report.problems()) {
    std::cout << problem.where << ": " << problem.what << "\n";
  }
  for (const RecallSample& sample : report.recall) {
    std::cout << absl::StrFormat(
        "collection \"%s\", space %s: recall@10 %.3f of %d searches\n",
        sample.name.ToString(), sample.space, sample.recall(), sample.searches);
  }
  std::cout << absl::StrFormat(
      "%s: %d collections, %d items, %d operations, %d tables, %d segments "
      "with %d rows: %s\n",
      folder, report.collections, report.items, report.operations,
      report.tables, report.segments, report.rows,
      report.ok() ? "all is well"
                  : absl::StrFormat("%d problems", report.num_problems()));
}

absl::Status StatusOf(const std::string& folder, const VerifyReport& report) {
  if (report.ok()) return absl::OkStatus();
  const bool repairable =
      report.num_problems() == report.num_derived_problems();
  return absl::DataLossError(absl::StrFormat(
      "%s is damaged: %d problems; %s", folder, report.num_problems(),
      repairable ? "`likeness repair` mends them"
                 : "what the store has lost is in a snapshot at best"));
}

}  // namespace likeness
