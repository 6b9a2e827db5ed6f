#include "engine/collection/growing_segment.h"

#include <algorithm>
#include <utility>

#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kChunkRows = 16384;

}  // namespace

void RowBatch::Add(uint64_t op_id, const ItemVectors& item_vectors) {
  const auto row = static_cast<uint32_t>(op_ids.size());
  op_ids.push_back(op_id);
  for (const Space space : kAllSpaces) {
    const std::vector<float>& values = item_vectors[space];
    rows[space].insert(rows[space].end(),
                       CountVectors(values, dimensions[space]), row);
    vectors[space].insert(vectors[space].end(), values.begin(), values.end());
  }
}

size_t RowBatch::weight() const {
  size_t weight = op_ids.size();
  for (const Space space : kAllSpaces) {
    weight = std::max(weight, rows[space].size());
  }
  return weight;
}

GrowingSegment::GrowingSegment() : op_ids_(1, kChunkRows) {}

absl::StatusOr<std::shared_ptr<GrowingSegment>> GrowingSegment::Make(
    const PerSpace<int>& dimensions, const IndexFactory& make_index) {
  std::shared_ptr<GrowingSegment> segment(new GrowingSegment());
  for (const Space space : kAllSpaces) {
    if (dimensions[space] == 0) continue;
    ASSIGN_OR_RETURN(auto index, make_index(dimensions[space]));
    auto rows = std::make_unique<RowMap>();
    segment->writable_[space] = {index.get(), rows.get()};
    segment->spaces_[space].emplace(std::move(index), std::move(rows));
  }
  return segment;
}

absl::Status GrowingSegment::Add(const RowBatch& batch) {
  const auto first = static_cast<uint32_t>(op_ids_.size());
  const size_t end = first + batch.op_ids.size();
  for (const Space space : kAllSpaces) {
    if (!spaces_[space].has_value()) continue;
    std::vector<uint32_t> rows = batch.rows[space];
    for (uint32_t& row : rows) row += first;
    RETURN_IF_ERROR(writable_[space].rows->Append(rows, end));
    RETURN_IF_ERROR(writable_[space].index->Add(batch.vectors[space]));
  }
  return op_ids_.Append(batch.op_ids);
}

}  // namespace likeness
