#ifndef LIKENESS_TOOLS_SERVER_START_H_
#define LIKENESS_TOOLS_SERVER_START_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace likeness {

// How long a client waits for a server that is being started.
struct ServerStart {
  absl::Duration answering;  // For the first answer to a health check,
  absl::Duration serving;    // and for the first that says SERVING.
};

// Runs this program as `likeness serve` over the data directory `data`, which
// nobody else has open, with the model bundle in `model`; stops it again.
// UNAVAILABLE, with what it wrote, when it ends before it serves.
absl::StatusOr<ServerStart> MeasureServerStart(const std::string& data,
                                               const std::string& model);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SERVER_START_H_
