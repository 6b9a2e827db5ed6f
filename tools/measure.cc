#include "tools/measure.h"

#include <ctime>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/status_macros.h"

namespace likeness {

absl::StatusOr<double> RunsPerSecond(
    double seconds, const std::function<absl::Status()>& work) {
  RETURN_IF_ERROR(work());
  const absl::Time begin = absl::Now();
  int runs = 0;
  absl::Duration elapsed;
  while (elapsed < absl::Seconds(seconds)) {
    RETURN_IF_ERROR(work());
    ++runs;
    elapsed = absl::Now() - begin;
  }
  return runs / absl::ToDoubleSeconds(elapsed);
}

double CpuSeconds() {
  timespec spent{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) +
         1e-9 * static_cast<double>(spent.tv_nsec);
}

void PrintFigure(nlohmann::ordered_json line,
                 const nlohmann::ordered_json& setup, std::ostream& out) {
  line.update(setup);
  out << line.dump() << std::endl;
}

}  // namespace likeness
