#ifndef LIKENESS_TESTS_SOAK_SOAK_ROUND_H_
#define LIKENESS_TESTS_SOAK_SOAK_ROUND_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/core/random.h"
#include "tests/soak/soak_check.h"
#include "tests/soak/soak_writer.h"
#include "tests/support/server_process.h"

namespace likeness::testing {

enum class SoakEnd { kKilled, kStopped };

// What happened from one start of the server to its next.
struct SoakRound {
  SoakEnd end = SoakEnd::kKilled;
  uint64_t acknowledged = 0;  // Operations.
  int kills_while_starting = 0;
  double restart_seconds = 0;  // Until it answered again.
  uint64_t segments = 0;       // That were sealed, at least.
  SoakCheck check;             // After the restart.
};

// A server on one data directory, its clients, and the one who kills it. Not
// thread-safe.
class Soak {
 public:
  // Over `folder`, which is empty.
  Soak(std::string folder, uint64_t seed);

  // Starts the server for the first time.
  absl::Status Start();

  // Loads the server, ends it at a random moment, starts it again and checks
  // what it has. DATA_LOSS when a client was answered what is wrong; other
  // errors: the server did not start, or did not answer.
  absl::StatusOr<SoakRound> Run();

 private:
  absl::Status StartServer();
  // Starts the server and kills it before it may be ready.
  absl::Status KillWhileStarting();
  absl::Status Load(SoakRound& round);
  // Compares what lies on the disk with itself, while nobody uses it.
  absl::Status Verify(SoakRound& round);
  absl::StatusOr<std::unique_ptr<ServerProcess>> MakeServer();

  const std::string folder_;
  Random random_;
  std::vector<SoakWriter> writers_;
  std::unique_ptr<ServerProcess> server_;
  uint64_t newest_segment_ = 0;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SOAK_SOAK_ROUND_H_
