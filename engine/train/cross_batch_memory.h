// Includes LibTorch: only for this folder's .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_CROSS_BATCH_MEMORY_H_
#define LIKENESS_ENGINE_TRAIN_CROSS_BATCH_MEMORY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "engine/train/named_tensors.h"
#include "engine/train/pair_masks.h"

namespace likeness {

// The embeddings of the last batches, as further references for the next one
// (Wang, Zhang et al. 2020): a ring of rows. They are of a network a few steps
// old, which is why it stays empty while the network still changes fast. Not
// thread-safe.
class CrossBatchMemory {
 public:
  // Holds `capacity` rows at most (0: none ever) and forgets the first
  // `warm_up_batches` batches.
  CrossBatchMemory(int64_t capacity, int64_t warm_up_batches);

  // Takes a copy, without gradient, of a batch that a loss has seen: embeddings
  // [N, D], D the same every time. The oldest rows make room; of a batch larger
  // than the capacity the last rows stay.
  void Add(const at::Tensor& embeddings, const PairKeys& keys);

  // Rows held.
  int64_t size() const { return size_; }

  // [size(), D] and int64 [size()], in no order that matters; undefined when
  // nothing was ever held. Valid until the next Add or Restore.
  at::Tensor embeddings() const;
  PairKeys keys() const;

  // `batch` with the rows held behind it: LossInput's references.
  at::Tensor ReferencesFor(const at::Tensor& batch) const;

  NamedTensors State() const;

  // Continues from a State of the same capacity. DATA_LOSS when it is
  // another's; the memory is then as before.
  absl::Status Restore(const NamedTensors& state);

 private:
  const int64_t capacity_;
  const int64_t warm_up_batches_;
  int64_t batches_ = 0;  // Seen.
  int64_t size_ = 0;
  int64_t next_ = 0;       // The row to be written next.
  at::Tensor embeddings_;  // [capacity, D]; undefined until the first row.
  PairKeys keys_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_CROSS_BATCH_MEMORY_H_
