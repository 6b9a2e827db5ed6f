// The real program, `likeness serve`, as a child process.
#ifndef LIKENESS_TESTS_SUPPORT_SERVER_PROCESS_H_
#define LIKENESS_TESTS_SUPPORT_SERVER_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace likeness::testing {

// The `likeness` program under test (LIKENESS_PROGRAM); empty when it is not
// told.
std::string ProgramPath();

// A model bundle for tests: LIKENESS_MODEL, else imagenet-lite0 in the cache
// (LIKENESS_DEPS_DIR); empty when there is none: skip the test then.
std::string TestModelDir();

// A child process with its standard error captured. Killed at the end of its
// scope. Not thread-safe.
class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& arguments);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void Send(int signal) const;

  // Blocks until standard error holds `text`; false when it ends before.
  bool WaitForError(absl::string_view text);

  // Blocks until it has ended: its exit code, or 128 + the signal that killed
  // it.
  int Wait();

  // Standard error so far; all of it after Wait.
  std::string error_output();

 private:
  void ReadErrors(int fd) ABSL_LOCKS_EXCLUDED(mutex_);

  pid_t pid_ = -1;
  int exit_code_ = -1;  // -1: not yet waited for.
  absl::Mutex mutex_;
  std::string errors_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread reader_;
};

// `likeness serve`, or a program like it, on a free port of this machine.
class ServerProcess {
 public:
  // Starts it over `data_folder` and waits until it listens (not until it is
  // ready: ApiClient::WaitForHealth). INTERNAL with its error output when it
  // ends before.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(
      const std::string& data_folder,
      const std::vector<std::string>& more_arguments = {});

  // Starts a program of the same habits by its whole command line.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> StartProgram(
      const std::vector<std::string>& arguments);

  int port() const { return port_; }
  ChildProcess& process() { return process_; }

 private:
  explicit ServerProcess(const std::vector<std::string>& arguments)
      : process_(arguments) {}

  ChildProcess process_;
  int port_ = 0;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_SERVER_PROCESS_H_
