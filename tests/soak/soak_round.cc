#include "tests/soak/soak_round.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/collection/verify_directory.h"
#include "engine/core/status_macros.h"
#include "tests/soak/soak_meter.h"

namespace likeness::testing {
namespace {

constexpr int kWriters = 4;
constexpr int kIdsOfWriter = 60;
constexpr size_t kMaxOperations = 1500;  // Of a round.
constexpr double kStopChance = 0.1;      // SIGTERM instead of kill -9.
constexpr double kKillWhileStartingChance = 0.25;
constexpr double kLongestStartSeconds = 0.6;

constexpr double kTinyChance = 0.7;  // soak_server instead of the real one.

constexpr auto kServing = grpc::health::v1::HealthCheckResponse::SERVING;

// The program beside this one.
std::string TinyServerPath() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error)
      .replace_filename("likeness_soak_server")
      .string();
}

// The highest number that a segment file of any collection has.
uint64_t NewestSegment(const std::string& folder) {
  uint64_t newest = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator
           entry(folder + "/segments", error),
       end;
       !error && entry != end; entry.increment(error)) {
    uint64_t number = 0;
    if (entry->is_regular_file() &&
        absl::SimpleAtoi(entry->path().stem().stem().string(), &number)) {
      newest = std::max(newest, number);
    }
  }
  return newest;
}

}  // namespace

Soak::Soak(std::string folder, uint64_t seed)
    : folder_(std::move(folder)), random_(seed) {
  for (int i = 0; i < kWriters; ++i) {
    writers_.emplace_back(i * kIdsOfWriter, kIdsOfWriter, seed);
  }
}

absl::Status Soak::Start() {
  RETURN_IF_ERROR(StartServer());
  return ApiClient(server_->port()).Call(SoakCollectionRequest()).status();
}

absl::Status Soak::StartServer() {
  ASSIGN_OR_RETURN(server_, MakeServer());
  if (ApiClient(server_->port()).WaitForHealth(kServing)) {
    return absl::OkStatus();
  }
  server_->process().Wait();
  return absl::InternalError(absl::StrCat("the server did not start: ",
                                          server_->process().error_output()));
}

absl::StatusOr<std::unique_ptr<ServerProcess>> Soak::MakeServer() {
  return random_.Chance(kTinyChance)
             ? ServerProcess::StartProgram({TinyServerPath(), folder_})
             : ServerProcess::Start(folder_);
}

absl::Status Soak::KillWhileStarting() {
  ASSIGN_OR_RETURN(server_, MakeServer());
  absl::SleepFor(absl::Seconds(random_.Uniform(0, kLongestStartSeconds)));
  server_->process().Send(SIGKILL);
  server_->process().Wait();
  return absl::OkStatus();
}

absl::Status Soak::Load(SoakRound& round) {
  round.end =
      random_.Chance(kStopChance) ? SoakEnd::kStopped : SoakEnd::kKilled;
  SoakMeter meter;
  std::vector<absl::Status> statuses(writers_.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < writers_.size(); ++i) {
    threads.emplace_back([&, i, port = server_->port()] {
      statuses[i] = writers_[i].Run(ApiClient(port), meter);
      meter.SetEnded();
    });
  }
  meter.WaitFor(1 + random_.Below(kMaxOperations));
  server_->process().Send(round.end == SoakEnd::kKilled ? SIGKILL : SIGTERM);
  for (std::thread& thread : threads) thread.join();
  const int code = server_->process().Wait();
  round.acknowledged = meter.acknowledged();
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  const int expected = round.end == SoakEnd::kKilled ? 128 + SIGKILL : 0;
  if (code == expected) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the server ended with code ", code,
                                          ": ",
                                          server_->process().error_output()));
}

absl::Status Soak::Verify(SoakRound& round) {
  ASSIGN_OR_RETURN(const VerifyReport report, VerifyDirectory(folder_));
  for (const VerifyProblem& problem : report.problems()) {
    ++round.check.faults.records;
    round.check.faults.notes.push_back(
        absl::StrCat(problem.where, ": ", problem.what));
  }
  // Numbers start again behind the newest that a start finds.
  const uint64_t newest = NewestSegment(folder_);
  if (newest > newest_segment_) round.segments = newest - newest_segment_;
  newest_segment_ = newest;
  return absl::OkStatus();
}

absl::StatusOr<SoakRound> Soak::Run() {
  SoakRound round;
  RETURN_IF_ERROR(Load(round));
  while (random_.Chance(kKillWhileStartingChance)) {
    RETURN_IF_ERROR(KillWhileStarting());
    ++round.kills_while_starting;
  }
  RETURN_IF_ERROR(Verify(round));
  if (round.check.faults.sum() != 0) return round;
  const absl::Time start = absl::Now();
  RETURN_IF_ERROR(StartServer());
  round.restart_seconds = absl::ToDoubleSeconds(absl::Now() - start);
  ASSIGN_OR_RETURN(round.check,
                   CheckSoak(ApiClient(server_->port()), writers_));
  return round;
}

}  // namespace likeness::testing
