#ifndef LIKENESS_ENGINE_COLLECTION_GROUP_COMMITTER_H_
#define LIKENESS_ENGINE_COLLECTION_GROUP_COMMITTER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "engine/store/mutation.h"

namespace likeness {

// Gathers the writes of concurrent callers into groups, so that one sync of the
// disk serves them all. The caller at the head of the queue leads: it commits
// its own write and all that wait behind it, while later ones queue up. There
// is no thread of its own, and a lone caller never waits for company. (The
// scheme of LevelDB's DBImpl::Write.) Thread-safe.
class GroupCommitter {
 public:
  // Commits a group, in order; one result for each write. Never called by two
  // threads at once.
  using CommitFunction =
      std::function<std::vector<WriteResult>(std::vector<AtomicWrite>)>;

  // A group is closed once it holds `max_group_bytes`; a single larger call
  // still goes, alone.
  GroupCommitter(CommitFunction commit, size_t max_group_bytes)
      : commit_(std::move(commit)), max_group_bytes_(max_group_bytes) {}

  GroupCommitter(const GroupCommitter&) = delete;
  GroupCommitter& operator=(const GroupCommitter&) = delete;

  // Returns once `writes` are committed; one result for each. A write that is
  // refused touches no other, neither of its own call nor of others.
  std::vector<WriteResult> Commit(std::vector<AtomicWrite> writes)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Groups handed to the commit function so far.
  uint64_t groups() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls of Commit that have not returned, those being committed included.
  size_t waiting() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Call {
    std::vector<AtomicWrite> writes;
    size_t bytes = 0;
    bool done = false;
    std::vector<WriteResult> results;
  };
  // What a waiting caller waits for.
  struct Turn {
    const GroupCommitter* committer;
    const Call* call;
  };

  static bool IsDoneOrFirst(Turn* turn);
  std::vector<Call*> TakeGroup() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CommitGroup(absl::Span<Call* const> group) ABSL_LOCKS_EXCLUDED(mutex_);

  const CommitFunction commit_;
  const size_t max_group_bytes_;
  mutable absl::Mutex mutex_;
  std::deque<Call*> queue_ ABSL_GUARDED_BY(mutex_);
  uint64_t groups_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_GROUP_COMMITTER_H_
