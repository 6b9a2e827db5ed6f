// likeness_soak: kills a server with -9 at random moments, round after round,
// and compares what it has then with what it had acknowledged. The server is
// the real one, or soak_server, whose segments are so small that kills meet
// sealing and merging too; they take turns on one data directory.
//
//   likeness_soak [--rounds N] [--seed N]
//
// The program is LIKENESS_PROGRAM, its model as in server_process.h. Results
// go to standard output. Exit codes: 0 nothing was lost, 1 something was (the
// data directory is kept), 77 there is no program or model.
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/soak/soak_round.h"
#include "tests/support/server_process.h"

namespace likeness::testing {
namespace {

struct SoakFlags {
  int rounds = 200;
  uint64_t seed = std::random_device()();
};

// The sums over all rounds.
struct SoakTotals {
  int rounds = 0;
  int kills = 0;
  int kills_while_starting = 0;
  int stops = 0;
  uint64_t acknowledged = 0;
  uint64_t under_way = 0;
  uint64_t happened = 0;
  uint64_t searches = 0;
  uint64_t segments = 0;
  uint64_t faults = 0;
};

void Add(const SoakRound& round, SoakTotals& totals) {
  ++totals.rounds;
  ++(round.end == SoakEnd::kKilled ? totals.kills : totals.stops);
  totals.kills_while_starting += round.kills_while_starting;
  totals.acknowledged += round.acknowledged;
  totals.under_way += round.check.under_way;
  totals.happened += round.check.happened;
  totals.searches += round.check.searches;
  totals.segments += round.segments;
  totals.faults += round.check.faults.sum();
}

void PrintRound(const SoakRound& round, const SoakFlags& flags, int number,
                absl::Duration left) {
  const SoakFaults& faults = round.check.faults;
  std::cout << absl::StrFormat(
                   "round %d/%d: %d operations, %s, %d kills while starting, "
                   "up again in %.2f s with %d items; %d lost, %d "
                   "resurrected, %d wrong vectors, %d wrong metadata, %d torn, "
                   "%d wrong counts, %d wrong records; %s left",
                   number, flags.rounds, round.acknowledged,
                   round.end == SoakEnd::kKilled ? "kill -9" : "SIGTERM",
                   round.kills_while_starting, round.restart_seconds,
                   round.check.live, faults.lost, faults.resurrected,
                   faults.vectors, faults.metadata, faults.torn, faults.counts,
                   faults.records,
                   absl::FormatDuration(absl::Trunc(left, absl::Seconds(1))))
            << std::endl;
  for (const std::string& note : faults.notes)
    std::cout << "  " << note << "\n";
}

void PrintTotals(const SoakTotals& totals, const SoakFlags& flags,
                 absl::Duration took) {
  std::cout << absl::StrFormat(
                   "%d rounds with seed %d in %s: %d kills under load, %d "
                   "while starting, %d stops; %d operations acknowledged, %d "
                   "requests under way at an end, of which %d had happened; %d "
                   "searches checked; %d segments sealed; %d faults",
                   totals.rounds, flags.seed,
                   absl::FormatDuration(absl::Trunc(took, absl::Seconds(1))),
                   totals.kills, totals.kills_while_starting, totals.stops,
                   totals.acknowledged, totals.under_way, totals.happened,
                   totals.searches, totals.segments, totals.faults)
            << std::endl;
}

// Runs all rounds, or up to the first with a fault.
bool RunRounds(const std::string& folder, const SoakFlags& flags) {
  const absl::Time start = absl::Now();
  Soak soak(folder, flags.seed);
  absl::Status status = soak.Start();
  SoakTotals totals;
  while (status.ok() && totals.faults == 0 && totals.rounds < flags.rounds) {
    const absl::StatusOr<SoakRound> round = soak.Run();
    status = round.status();
    if (!status.ok()) break;
    Add(*round, totals);
    const absl::Duration each = (absl::Now() - start) / totals.rounds;
    PrintRound(*round, flags, totals.rounds,
               each * (flags.rounds - totals.rounds));
  }
  if (!status.ok()) std::cout << "failed: " << status << "\n";
  PrintTotals(totals, flags, absl::Now() - start);
  return status.ok() && totals.faults == 0;
}

int Main(int argc, char** argv) {
  SoakFlags flags;
  CLI::App app("Kills likeness serve with -9, round after round.");
  app.add_option("--rounds", flags.rounds, "How often")->capture_default_str();
  app.add_option("--seed", flags.seed, "Repeats the choices of a run");
  CLI11_PARSE(app, argc, argv);
  if (ProgramPath().empty() || TestModelDir().empty()) {
    std::cerr << "skipped: LIKENESS_PROGRAM names no program, or there is no "
                 "model bundle\n";
    return 77;
  }
  std::cout << "seed " << flags.seed << std::endl;
  std::string folder =
      (std::filesystem::temp_directory_path() / "likeness-soak-XXXXXX")
          .string();
  if (mkdtemp(folder.data()) == nullptr) {
    std::cerr << "cannot make " << folder << "\n";
    return 1;
  }
  if (!RunRounds(folder, flags)) {
    std::cout << "the data directory is kept: " << folder << "\n";
    return 1;
  }
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace likeness::testing

int main(int argc, char** argv) { return likeness::testing::Main(argc, argv); }
