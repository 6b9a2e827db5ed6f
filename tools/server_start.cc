#include "tools/server_start.h"

#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tools/scratch_folder.h"

namespace likeness {
namespace {

using ::grpc::health::v1::Health;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

constexpr uint64_t kMaxLogBytes = uint64_t{1} << 20;
constexpr absl::Duration kPause = absl::Milliseconds(1);

// `likeness serve` as a child; stopped at the end of its scope.
class Child {
 public:
  // Its standard error goes to the file `log`.
  static absl::StatusOr<std::unique_ptr<Child>> Start(
      std::vector<std::string> arguments, const std::string& log) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT, 0600);
    pid_t pid = 0;
    const int error = posix_spawn(&pid, "/proc/self/exe", &files, nullptr,
                                  argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) return absl::ErrnoToStatus(error, "cannot start a server");
    return std::unique_ptr<Child>(new Child(pid));
  }

  ~Child() {
    if (ended_) return;
    kill(pid_, SIGTERM);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool Ended() {
    ended_ = ended_ || waitpid(pid_, nullptr, WNOHANG) != 0;
    return ended_;
  }

 private:
  explicit Child(pid_t pid) : pid_(pid) {}

  const pid_t pid_;
  bool ended_ = false;
};

// gRPC would wait between its own attempts for longer than a start takes.
bool TakesConnections(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return false;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool taken = connect(fd, reinterpret_cast<const sockaddr*>(&address),
                             sizeof(address)) == 0;
  close(fd);
  return taken;
}

absl::StatusOr<HealthCheckResponse> Check(Health::Stub& health) {
  grpc::ClientContext context;
  HealthCheckResponse response;
  const grpc::Status status =
      health.Check(&context, HealthCheckRequest(), &response);
  if (status.ok()) return response;
  return absl::UnavailableError(status.error_message());
}

absl::StatusOr<ServerStart> Measure(Child& child, Health::Stub& health,
                                    const std::string& socket,
                                    absl::Time start) {
  while (!TakesConnections(socket)) {
    if (child.Ended()) return absl::UnavailableError("it did not listen");
    absl::SleepFor(kPause);
  }
  ServerStart times;
  ASSIGN_OR_RETURN(HealthCheckResponse answer, Check(health));
  times.answering = absl::Now() - start;
  while (answer.status() != HealthCheckResponse::SERVING) {
    absl::SleepFor(kPause);
    ASSIGN_OR_RETURN(answer, Check(health));
  }
  times.serving = absl::Now() - start;
  return times;
}

}  // namespace

absl::StatusOr<ServerStart> MeasureServerStart(const std::string& data,
                                               const std::string& model) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ScratchFolder> folder,
                   ScratchFolder::Make());
  const std::string socket = folder->path() + "/socket";
  const std::string log = folder->path() + "/log";
  // Before the clock starts: gRPC's own start is the client's matter.
  const std::unique_ptr<Health::Stub> health =
      Health::NewStub(grpc::CreateChannel("unix:" + socket,
                                          grpc::InsecureChannelCredentials()));
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const std::unique_ptr<Child> child,
                   Child::Start({"likeness", "serve", "--data", data, "--model",
                                 model, "--listen", "unix:" + socket},
                                log));
  absl::StatusOr<ServerStart> times = Measure(*child, *health, socket, start);
  if (times.ok()) return times;
  const absl::StatusOr<std::string> said = ReadFile(log, kMaxLogBytes);
  return absl::UnavailableError(absl::StrCat(
      "the server that was to be measured: ", times.status().message(), "; ",
      said.ok() ? *said : ""));
}

}  // namespace likeness
