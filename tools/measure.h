// How the measurements of `likeness bench` time and print.
#ifndef LIKENESS_TOOLS_MEASURE_H_
#define LIKENESS_TOOLS_MEASURE_H_

#include <functional>
#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace likeness {

// How often `work` runs in a second, over about `seconds` of them, after one
// run that does not count. Its first error ends the measurement.
absl::StatusOr<double> RunsPerSecond(double seconds,
                                     const std::function<absl::Status()>& work);

// What the processor has spent on all threads of this process.
double CpuSeconds();

// Prints one JSON object on a line: `line`, then the members of `setup`.
void PrintFigure(nlohmann::ordered_json line,
                 const nlohmann::ordered_json& setup, std::ostream& out);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_MEASURE_H_
