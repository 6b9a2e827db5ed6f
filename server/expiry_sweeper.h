#ifndef LIKENESS_SERVER_EXPIRY_SWEEPER_H_
#define LIKENESS_SERVER_EXPIRY_SWEEPER_H_

#include <cstdint>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/collection/collection_set.h"

namespace likeness {

// Deletes everything that expired at `now` or before from all collections, and
// returns how many items that were. One collection's error doesn't keep the
// others from being swept; the first is returned. A collection that is dropped
// meanwhile, or whose model is changed, is no error. Ends early once `stop`
// (may be null), which is asked between batches, is true.
absl::StatusOr<uint64_t> SweepAllExpired(
    const CollectionSet& collections, absl::Time now,
    const std::function<bool()>& stop = nullptr);

// Sweeps on a thread of its own, in pauses of a fixed length: an item is gone
// that long after its time, plus what the deleting takes. The first failure
// after a success is logged.
class ExpirySweeper {
 public:
  // Starts the thread. `collections` outlives this.
  ExpirySweeper(const CollectionSet& collections, absl::Duration pause);
  // Waits for the batch that is under way.
  ~ExpirySweeper();

  ExpirySweeper(const ExpirySweeper&) = delete;
  ExpirySweeper& operator=(const ExpirySweeper&) = delete;

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  bool StopsAfterPause() ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopped() ABSL_LOCKS_EXCLUDED(mutex_);

  const CollectionSet& collections_;
  const absl::Duration pause_;
  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_EXPIRY_SWEEPER_H_
