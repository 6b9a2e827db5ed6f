#include "engine/collection/write_gate.h"

#include "absl/time/time.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr absl::Duration kBetweenRefusals = absl::Milliseconds(10);

}  // namespace

void WriteGate::Close() {
  absl::MutexLock lock(&mutex_);
  ++closers_;
}

void WriteGate::Open() {
  absl::MutexLock lock(&mutex_);
  --closers_;
}

absl::Status WriteGate::Pass(
    const std::function<absl::Status()>& still_wanted) const {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(this, &WriteGate::IsOpen),
                                  kBetweenRefusals)) {
        return absl::OkStatus();
      }
    }
    if (still_wanted) RETURN_IF_ERROR(still_wanted());
  }
}

}  // namespace likeness
