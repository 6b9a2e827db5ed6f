#include "engine/collection/group_committer.h"

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
  return bytes + mutation.item.metadata.size() * kFieldBytes;
}

}  // namespace

bool GroupCommitter::IsDoneOrFirst(Turn* turn) ABSL_NO_THREAD_SAFETY_ANALYSIS {
  return turn->write->done || turn->committer->queue_.front() == turn->write;
}

absl::StatusOr<std::vector<uint64_t>> GroupCommitter::Commit(
    std::vector<Mutation> mutations) {
  Write write;
  write.mutations = std::move(mutations);
  for (const Mutation& mutation : write.mutations) {
    write.bytes += BytesOf(mutation);
  }
  std::vector<Write*> group;
  {
    absl::MutexLock lock(&mutex_);
    queue_.push_back(&write);
    Turn turn{this, &write};
    mutex_.Await(absl::Condition(&IsDoneOrFirst, &turn));
    if (!write.done) {
      group = TakeGroup();
      ++groups_;
    }
  }
  if (!group.empty()) {
    // Its writes stay at the head of the queue, so no one else leads.
    CommitGroup(group);
    absl::MutexLock lock(&mutex_);
    queue_.erase(queue_.begin(),
                 queue_.begin() + static_cast<std::ptrdiff_t>(group.size()));
    for (Write* member : group) member->done = true;
  }
  if (!write.status.ok()) return write.status;
  return std::move(write.op_ids);
}

std::vector<GroupCommitter::Write*> GroupCommitter::TakeGroup() const {
  std::vector<Write*> group;
  size_t bytes = 0;
  for (Write* write : queue_) {
    bytes += write->bytes;
    if (!group.empty() && bytes > max_group_bytes_) break;
    group.push_back(write);
  }
  return group;
}

void GroupCommitter::CommitGroup(absl::Span<Write* const> group) {
  std::vector<Mutation> together;
  for (Write* write : group) {
    together.insert(together.end(),
                    std::make_move_iterator(write->mutations.begin()),
                    std::make_move_iterator(write->mutations.end()));
  }
  const absl::StatusOr<std::vector<Applied>> applied = commit_(together);
  size_t at = 0;
  for (Write* write : group) {
    write->status = applied.status();
    for (size_t i = 0; applied.ok() && i < write->mutations.size(); ++i) {
      write->op_ids.push_back((*applied)[at++].op_id);
    }
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
