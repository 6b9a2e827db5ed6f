#include "tests/support/server_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/core/status_macros.h"
#include "gtest/gtest.h"
#include "tests/support/test_files.h"

namespace likeness::testing {
namespace {

constexpr char kModelName[] = "imagenet-lite0";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string DependenciesDir() {
  std::string folder = Environment("LIKENESS_DEPS_DIR");
  if (!folder.empty()) return folder;
  const std::string cache = Environment("XDG_CACHE_HOME");
  return absl::StrCat(cache.empty() ? Environment("HOME") + "/.cache" : cache,
                      "/likeness");
}

// In the child: only calls that are safe between fork and exec.
[[noreturn]] void Exec(char* const* arguments, int error_fd) {
  dup2(error_fd, STDERR_FILENO);
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

std::string ProgramPath() { return Environment("LIKENESS_PROGRAM"); }

std::string TestModelDir() {
  std::string folder = Environment("LIKENESS_MODEL");
  if (folder.empty()) {
    folder = absl::StrCat(DependenciesDir(), "/models/", kModelName);
  }
  return std::filesystem::is_directory(folder) ? folder : "";
}

ChildProcess::ChildProcess(const std::vector<std::string>& arguments) {
  std::array<int, 2> pipe_fds{};
  EXPECT_EQ(pipe2(pipe_fds.data(), O_CLOEXEC), 0);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) Exec(argv.data(), pipe_fds[1]);
  EXPECT_GT(pid_, 0) << "fork failed";
  close(pipe_fds[1]);
  reader_ = std::thread([this, fd = pipe_fds[0]] { ReadErrors(fd); });
}

ChildProcess::~ChildProcess() {
  if (exit_code_ < 0) {
    Send(SIGKILL);
    Wait();
  }
}

void ChildProcess::Send(int signal) const { kill(pid_, signal); }

void ChildProcess::ReadErrors(int fd) {
  std::array<char, 4096> buffer{};
  ssize_t size = 0;
  while ((size = read(fd, buffer.data(), buffer.size())) > 0 ||
         (size < 0 && errno == EINTR)) {
    if (size <= 0) continue;
    absl::MutexLock lock(&mutex_);
    errors_.append(buffer.data(), static_cast<size_t>(size));
  }
  close(fd);
  absl::MutexLock lock(&mutex_);
  ended_ = true;
}

bool ChildProcess::WaitForError(absl::string_view text) {
  absl::MutexLock lock(&mutex_);
  const auto settled = [this, text]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return ended_ || absl::StrContains(errors_, text);
  };
  mutex_.Await(absl::Condition(&settled));
  return absl::StrContains(errors_, text);
}

int ChildProcess::Wait() {
  if (exit_code_ >= 0) return exit_code_;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  reader_.join();
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

std::string ChildProcess::error_output() {
  absl::MutexLock lock(&mutex_);
  return errors_;
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(
    const std::string& data_folder,
    const std::vector<std::string>& more_arguments) {
  std::vector<std::string> arguments = {
      ProgramPath(), "serve",        "--data",   data_folder,
      "--model",     TestModelDir(), "--listen", "127.0.0.1:0"};
  arguments.insert(arguments.end(), more_arguments.begin(),
                   more_arguments.end());
  return StartProgram(arguments);
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::StartProgram(
    const std::vector<std::string>& arguments) {
  std::unique_ptr<ServerProcess> server(new ServerProcess(arguments));
  // "listening on 127.0.0.1:0, port 4711; loading ...": earlier than the port
  // file, which waits for the loading.
  if (!server->process_.WaitForError("; loading")) {
    server->process_.Wait();
    return absl::InternalError(
        absl::StrCat("the server ended: ", server->process_.error_output()));
  }
  const std::string log = server->process_.error_output();
  const std::vector<std::string> parts = absl::StrSplit(
      log.substr(0, log.find("; loading")), absl::MaxSplits(", port ", 1));
  if (!absl::SimpleAtoi(parts.back(), &server->port_)) {
    return absl::InternalError(absl::StrCat("no port in ", log));
  }
  return server;
}

}  // namespace likeness::testing
