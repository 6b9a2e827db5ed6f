#ifndef LIKENESS_TOOLS_VERIFY_ANSWER_H_
#define LIKENESS_TOOLS_VERIFY_ANSWER_H_

#include <string>

#include "engine/store/verify_report.h"
#include "tools/command.h"

namespace likeness {

// What was found in `folder`, as JSON, or as lines on standard output.
nlohmann::ordered_json DescribeReport(const std::string& folder,
                                      const VerifyReport& report);
void PrintReport(const std::string& folder, const VerifyReport& report);

// DATA_LOSS when there were problems.
absl::Status StatusOf(const std::string& folder, const VerifyReport& report);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_VERIFY_ANSWER_H_
