#include "tools/stop_signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace likeness {
namespace {

sigset_t StopSet() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

class SignalThread final : public StopSignals {
 public:
  SignalThread(int signal_fd, int end_fd, std::function<void(int)> on_stop,
               absl::Duration repeats)
      : signal_fd_(signal_fd),
        end_fd_(end_fd),
        on_stop_(std::move(on_stop)),
        repeats_(repeats),
        thread_([this] { Listen(); }) {}

  ~SignalThread() override {
    const uint64_t one = 1;
    // An eventfd takes eight bytes unless its counter is full.
    if (write(end_fd_, &one, sizeof(one)) < 0) std::abort();
    thread_.join();
    close(signal_fd_);
    close(end_fd_);
  }

 private:
  void Listen() {
    std::array<pollfd, 2> fds = {pollfd{signal_fd_, POLLIN, 0},
                                 pollfd{end_fd_, POLLIN, 0}};
    while (poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR) {
    }
    const int signal = NextSignal();
    if (signal == 0) return;
    on_stop_(signal);
    if (Ends(repeats_)) return;
    while (NextSignal() != 0) {
    }
    // This thread alone takes the next one, by its default action.
    const sigset_t set = StopSet();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    Ends(absl::InfiniteDuration());
  }

  // The signal that waits; 0: none.
  int NextSignal() const {
    signalfd_siginfo info{};
    const bool any = read(signal_fd_, &info, sizeof(info)) == sizeof(info);
    return any ? static_cast<int>(info.ssi_signo) : 0;
  }

  // Whether the destructor calls within `wait`.
  bool Ends(absl::Duration wait) const {
    const absl::Time until = absl::Now() + wait;
    pollfd end{end_fd_, POLLIN, 0};
    int ready = -1;
    do {
      const timespec left =
          absl::ToTimespec(std::max(until - absl::Now(), absl::ZeroDuration()));
      ready = ppoll(&end, 1, wait == absl::InfiniteDuration() ? nullptr : &left,
                    nullptr);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
  }

  const int signal_fd_;
  const int end_fd_;
  const std::function<void(int)> on_stop_;
  const absl::Duration repeats_;
  std::thread thread_;  // Last: it uses the others.
};

}  // namespace

absl::StatusOr<std::unique_ptr<StopSignals>> StopSignals::Catch(
    std::function<void(int)> on_stop, absl::Duration repeats) {
  const sigset_t set = StopSet();
  if (const int error = pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0) {
    return absl::ErrnoToStatus(error, "cannot block SIGINT and SIGTERM");
  }
  const int signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signal_fd < 0) return absl::ErrnoToStatus(errno, "signalfd");
  const int end_fd = eventfd(0, EFD_CLOEXEC);
  if (end_fd < 0) {
    const int error = errno;
    close(signal_fd);
    return absl::ErrnoToStatus(error, "eventfd");
  }
  return std::make_unique<SignalThread>(signal_fd, end_fd, std::move(on_stop),
                                        repeats);
}

}  // namespace likeness
