#include "engine/collection/group_committer.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace likeness {
namespace {

// Close to what a mutation takes in the batch; exact enough to bound a group.
size_t BytesOf(const Mutation& mutation) {
  size_t bytes = mutation.item.id.size() + mutation.item.source.size() +
                 mutation.item.thumbnail_jpeg.size();
  for (const Space space : kAllSpaces) {
    bytes += mutation.vectors[space].size() * sizeof(float);
  }
  constexpr size_t kFieldBytes = 32;
  return bytes + (mutation.item.metadata.size() + mutation.patch.set.size()) *
                     kFieldBytes;
}

}  // namespace

bool GroupCommitter::IsDoneOrFirst(Turn* turn) ABSL_NO_THREAD_SAFETY_ANALYSIS {
  return turn->call->done || turn->committer->queue_.front() == turn->call;
}

std::vector<WriteResult> GroupCommitter::Commit(
    std::vector<AtomicWrite> writes) {
  Call call;
  call.writes = std::move(writes);
  for (const AtomicWrite& write : call.writes) {
    for (const Mutation& mutation : write.mutations) {
      call.bytes += BytesOf(mutation);
    }
  }
  std::vector<Call*> group;
  {
    absl::MutexLock lock(&mutex_);
    queue_.push_back(&call);
    Turn turn{this, &call};
    mutex_.Await(absl::Condition(&IsDoneOrFirst, &turn));
    if (!call.done) {
      group = TakeGroup();
      ++groups_;
    }
  }
  if (!group.empty()) {
    // Its calls stay at the head of the queue, so no one else leads.
    CommitGroup(group);
    absl::MutexLock lock(&mutex_);
    queue_.erase(queue_.begin(),
                 queue_.begin() + static_cast<std::ptrdiff_t>(group.size()));
    for (Call* member : group) member->done = true;
  }
  return std::move(call.results);
}

std::vector<GroupCommitter::Call*> GroupCommitter::TakeGroup() const {
  std::vector<Call*> group;
  size_t bytes = 0;
  for (Call* call : queue_) {
    bytes += call->bytes;
    if (!group.empty() && bytes > max_group_bytes_) break;
    group.push_back(call);
  }
  return group;
}

void GroupCommitter::CommitGroup(absl::Span<Call* const> group) {
  std::vector<AtomicWrite> together;
  std::vector<size_t> counts;
  for (Call* call : group) {
    counts.push_back(call->writes.size());
    std::move(call->writes.begin(), call->writes.end(),
              std::back_inserter(together));
  }
  std::vector<WriteResult> results = commit_(std::move(together));
  auto result = results.begin();
  for (size_t i = 0; i < group.size(); ++i) {
    const auto end = result + static_cast<std::ptrdiff_t>(counts[i]);
    std::move(result, end, std::back_inserter(group[i]->results));
    result = end;
  }
}

size_t GroupCommitter::waiting() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

uint64_t GroupCommitter::groups() const {
  absl::MutexLock lock(&mutex_);
  return groups_;
}

}  // namespace likeness
