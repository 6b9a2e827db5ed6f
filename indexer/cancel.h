#ifndef LIKENESS_INDEXER_CANCEL_H_
#define LIKENESS_INDEXER_CANCEL_H_

#include <atomic>

namespace likeness {

// Asks a long job to stop: what is in flight is finished, nothing new begins.
// Thread-safe; once cancelled it stays so.
class CancelToken {
 public:
  CancelToken() = default;
  CancelToken(const CancelToken&) = delete;
  CancelToken& operator=(const CancelToken&) = delete;

  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> cancelled_ = false;
};

}  // namespace likeness

#endif  // LIKENESS_INDEXER_CANCEL_H_
