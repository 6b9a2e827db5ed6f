// What became of every file of a bulk job: read = indexed + unchanged +
// rejected + failed.
#ifndef LIKENESS_INDEXER_LEDGER_H_
#define LIKENESS_INDEXER_LEDGER_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/image/prepare.h"

namespace likeness {

// Time spent in each stage, added up over all threads; stages overlap, so the
// sum is more than the job took. `read` also covers the look-up of what is
// already there, `embed` and `write` their own threads.
struct StageTimes {
  absl::Duration read{};
  PrepareTimes prepare{};
  absl::Duration embed{};
  absl::Duration write{};

  StageTimes& operator+=(const StageTimes& other);
  absl::Duration Sum() const;
};

struct IngestCounts {
  uint64_t read = 0;       // Files whose fate is known; the sum of the rest.
  uint64_t indexed = 0;    // Stored, and acknowledged as durable.
  uint64_t unchanged = 0;  // There already: same id, bytes and model.
  uint64_t rejected = 0;   // Not storable as they are: bad picture or bad id.
  uint64_t failed = 0;     // Could not be read or written.
  uint64_t repeated = 0;   // Not in `read`: the same file, named again.
  std::map<std::string, uint64_t> rejected_by_reason;

  friend bool operator==(const IngestCounts&, const IngestCounts&) = default;
};

enum class Fate { kIndexed, kUnchanged, kRejected, kFailed };

// What a picture's status means for it: OK is kIndexed, a bad picture or bad
// field is kRejected, anything else kFailed.
Fate FateOf(const absl::Status& status);

// The reason to count `status` under: its own, else the code's name.
std::string ReasonToCount(const absl::Status& status);

// Thread-safe counter. Every file gets exactly one entry.
class Ledger {
 public:
  // `status` is for kRejected and kFailed.
  void Enter(Fate fate, const absl::Status& status = absl::OkStatus())
      ABSL_LOCKS_EXCLUDED(mutex_);
  void AddTimes(const StageTimes& times) ABSL_LOCKS_EXCLUDED(mutex_);

  IngestCounts counts() const ABSL_LOCKS_EXCLUDED(mutex_);
  StageTimes times() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  IngestCounts counts_ ABSL_GUARDED_BY(mutex_);
  StageTimes times_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness

#endif  // LIKENESS_INDEXER_LEDGER_H_
