#include "engine/collection/space_rows.h"

#include <utility>

#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kChunkRows = 16384;

}  // namespace

SpaceRows::SpaceRows(std::unique_ptr<GrowingIndex> index)
    : index_(std::move(index)), op_ids_(1, kChunkRows) {}

absl::Status SpaceRows::Add(absl::Span<const uint64_t> op_ids,
                            absl::Span<const float> vectors) {
  RETURN_IF_ERROR(index_->Add(vectors));
  return op_ids_.Append(op_ids);
}

std::optional<size_t> SpaceRows::OrdinalOf(uint64_t op_id) const {
  size_t begin = 0;
  size_t end = op_ids_.size();
  while (begin < end) {
    const size_t middle = begin + (end - begin) / 2;
    if (OpIdOf(middle) < op_id) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  if (begin == op_ids_.size() || OpIdOf(begin) != op_id) return std::nullopt;
  return begin;
}

}  // namespace likeness
