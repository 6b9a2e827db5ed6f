#ifndef LIKENESS_ENGINE_COLLECTION_VIEW_PEERS_H_
#define LIKENESS_ENGINE_COLLECTION_VIEW_PEERS_H_

#include <functional>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace likeness {

// The open collections of one data directory, which share a RocksDB: what one
// of them deletes stays on the disk as long as the view of any other is older.
// Thread-safe.
class ViewPeers {
 public:
  // `renew` gives `collection` a view of the store as it is, and is called
  // until Remove has returned. It must call none of this.
  void Add(const void* collection, std::function<void()> renew)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    renew_[collection] = std::move(renew);
  }

  void Remove(const void* collection) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    renew_.erase(collection);
  }

  void RenewAll() const ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    for (const auto& [collection, renew] : renew_) renew();
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<const void*, std::function<void()>> renew_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_VIEW_PEERS_H_
