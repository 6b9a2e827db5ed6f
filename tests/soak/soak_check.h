#ifndef LIKENESS_TESTS_SOAK_SOAK_CHECK_H_
#define LIKENESS_TESTS_SOAK_SOAK_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/soak/soak_writer.h"
#include "tests/support/api_client.h"

namespace likeness::testing {

// How a server differs from what it acknowledged.
struct SoakFaults {
  uint64_t lost = 0;         // Acknowledged, and not there.
  uint64_t resurrected = 0;  // Deleted or replaced, and there, or still found.
  uint64_t vectors = 0;      // There, but not found by its own vector.
  uint64_t metadata = 0;     // Not as it was put.
  uint64_t torn = 0;         // Requests that happened in part.
  uint64_t counts = 0;       // Items, operations: not what there is.
  uint64_t records = 0;      // Found by VerifyDirectory.
  std::vector<std::string> notes;  // One for each, for people.

  uint64_t sum() const {
    return lost + resurrected + vectors + metadata + torn + counts + records;
  }
};

// What one check looked at.
struct SoakCheck {
  SoakFaults faults;
  uint64_t live = 0;      // Items that are there.
  uint64_t searches = 0;  // Made to check them.
  // Requests that were under way when the server went, and how many of them
  // had happened.
  uint64_t under_way = 0;
  uint64_t happened = 0;
};

// Compares all that the server has with what `writers` were told, and settles
// what was under way by what is there. An error is one of the calls'.
absl::StatusOr<SoakCheck> CheckSoak(const ApiClient& client,
                                    std::vector<SoakWriter>& writers);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SOAK_SOAK_CHECK_H_
