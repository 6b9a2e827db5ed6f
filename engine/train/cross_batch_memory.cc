#include "engine/train/cross_batch_memory.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// Writes rows [first, first + count) of `rows` into the ring from `next` on.
void Write(const at::Tensor& ring, const at::Tensor& rows, int64_t first,
           int64_t next) {
  const int64_t count = rows.size(0) - first;
  const int64_t before_end = std::min(count, ring.size(0) - next);
  ring.narrow(0, next, before_end).copy_(rows.narrow(0, first, before_end));
  const int64_t wrapped = count - before_end;
  ring.narrow(0, 0, wrapped).copy_(rows.narrow(0, first + before_end, wrapped));
}

}  // namespace

CrossBatchMemory::CrossBatchMemory(int64_t capacity, int64_t warm_up_batches)
    : capacity_(capacity), warm_up_batches_(warm_up_batches) {}

void CrossBatchMemory::Add(const at::Tensor& embeddings, const PairKeys& keys) {
  ++batches_;
  if (batches_ <= warm_up_batches_ || capacity_ == 0) return;
  const at::NoGradGuard no_grad;
  if (!embeddings_.defined()) {
    embeddings_ =
        at::zeros({capacity_, embeddings.size(1)}, embeddings.options());
    keys_ = {at::zeros({capacity_}, keys.labels.options()),
             at::zeros({capacity_}, keys.instances.options())};
  }
  const int64_t rows = embeddings.size(0);
  const int64_t first = std::max<int64_t>(0, rows - capacity_);
  Write(embeddings_, embeddings, first, next_);
  Write(keys_.labels, keys.labels, first, next_);
  Write(keys_.instances, keys.instances, first, next_);
  next_ = (next_ + rows - first) % capacity_;
  size_ = std::min(capacity_, size_ + rows - first);
}

at::Tensor CrossBatchMemory::embeddings() const {
  return embeddings_.defined() ? embeddings_.narrow(0, 0, size_) : embeddings_;
}

PairKeys CrossBatchMemory::keys() const {
  if (!embeddings_.defined()) return {};
  return {keys_.labels.narrow(0, 0, size_),
          keys_.instances.narrow(0, 0, size_)};
}

at::Tensor CrossBatchMemory::ReferencesFor(const at::Tensor& batch) const {
  return size_ == 0 ? batch : at::cat({batch, embeddings()});
}

NamedTensors CrossBatchMemory::State() const {
  NamedTensors state = {{"batches", IntegerTensor(batches_)},
                        {"size", IntegerTensor(size_)},
                        {"next", IntegerTensor(next_)}};
  if (size_ > 0) {
    state["embeddings"] = embeddings_.clone();
    state["labels"] = keys_.labels.clone();
    state["instances"] = keys_.instances.clone();
  }
  return state;
}

absl::Status CrossBatchMemory::Restore(const NamedTensors& state) {
  ASSIGN_OR_RETURN(const int64_t batches, FindInteger(state, "batches"));
  ASSIGN_OR_RETURN(const int64_t size, FindInteger(state, "size"));
  ASSIGN_OR_RETURN(const int64_t next, FindInteger(state, "next"));
  if (size < 0 || size > capacity_ || next < 0 ||
      (next >= capacity_ && next > 0)) {
    return WithReason(
        absl::DataLossError(absl::StrCat(
            "checkpoint: a memory of ", size, " rows, the next being ", next,
            ", is none of a capacity of ", capacity_)),
        kReasonCorruptData);
  }
  at::Tensor embeddings;
  PairKeys keys;
  if (size > 0) {
    const auto found = state.find("embeddings");
    const int64_t dimensions = found != state.end() && found->second.dim() == 2
                                   ? found->second.size(1)
                                   : 0;
    const at::Tensor rows = at::empty({capacity_, dimensions});
    const at::Tensor integers = at::empty({capacity_}, at::kLong);
    ASSIGN_OR_RETURN(embeddings, FindTensor(state, "embeddings", rows));
    ASSIGN_OR_RETURN(keys.labels, FindTensor(state, "labels", integers));
    ASSIGN_OR_RETURN(keys.instances, FindTensor(state, "instances", integers));
    embeddings = embeddings.clone();
    keys = {keys.labels.clone(), keys.instances.clone()};
  }
  batches_ = batches;
  size_ = size;
  next_ = next;
  embeddings_ = embeddings;
  keys_ = keys;
  return absl::OkStatus();
}

}  // namespace likeness
