#include "engine/collection/live_rows.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kLoadBatchRows = 1024;

// Rows on their way into a space.
struct RowBatch {
  std::vector<uint64_t> op_ids;
  std::vector<float> vectors;

  void Add(uint64_t op_id, const std::vector<float>& vector) {
    op_ids.push_back(op_id);
    vectors.insert(vectors.end(), vector.begin(), vector.end());
  }

  absl::Status MoveTo(SpaceRows& rows) {
    if (op_ids.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(rows.Add(op_ids, vectors));
    op_ids.clear();
    vectors.clear();
    return absl::OkStatus();
  }
};

}  // namespace

absl::StatusOr<LiveRows> LiveRows::Make(const PerSpace<int>& dimensions,
                                        const IndexFactory& make_index) {
  LiveRows live_rows;
  for (const Space space : kAllSpaces) {
    if (dimensions[space] == 0) continue;
    ASSIGN_OR_RETURN(auto index, make_index(dimensions[space]));
    live_rows.spaces_[space] = {std::make_shared<SpaceRows>(std::move(index)),
                                std::make_shared<const Bitmap>()};
  }
  return live_rows;
}

absl::Status LiveRows::Load(const StoreReader& store) {
  PerSpace<RowBatch> batches;
  const StoreReader::VectorVisitor take =
      [&](uint64_t op_id, const ItemVectors& vectors) -> absl::Status {
    for (const Space space : kAllSpaces) {
      if (vectors[space].empty()) continue;
      RowBatch& batch = batches[space];
      batch.Add(op_id, vectors[space]);
      if (batch.op_ids.size() < kLoadBatchRows) continue;
      RETURN_IF_ERROR(batch.MoveTo(*spaces_[space].rows));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(store.ScanVectors(0, take));
  for (const Space space : kAllSpaces) {
    LiveSpace& live_space = spaces_[space];
    if (live_space.rows == nullptr) continue;
    RETURN_IF_ERROR(batches[space].MoveTo(*live_space.rows));
    auto live = std::make_shared<Bitmap>();
    live->Grow(live_space.rows->index().size(), true);
    live_space.live = std::move(live);
  }
  return absl::OkStatus();
}

absl::Status LiveRows::Take(absl::Span<const Mutation> mutations,
                            absl::Span<const Applied> applied) {
  for (const Space space : kAllSpaces) {
    if (spaces_[space].rows == nullptr) continue;
    RETURN_IF_ERROR(TakeSpace(space, mutations, applied));
  }
  return absl::OkStatus();
}

absl::Status LiveRows::TakeSpace(Space space,
                                 absl::Span<const Mutation> mutations,
                                 absl::Span<const Applied> applied) {
  LiveSpace& live_space = spaces_[space];
  RowBatch batch;
  for (size_t i = 0; i < mutations.size(); ++i) {
    const std::vector<float>& vector = mutations[i].vectors[space];
    if (mutations[i].kind == Mutation::Kind::kPut && !vector.empty()) {
      batch.Add(applied[i].op_id, vector);
    }
  }
  RETURN_IF_ERROR(batch.MoveTo(*live_space.rows));

  auto live = std::make_shared<Bitmap>(*live_space.live);
  live->Grow(live_space.rows->index().size(), true);
  for (const Applied& change : applied) {
    if (!change.replaced_op_id.has_value()) continue;
    const std::optional<size_t> row =
        live_space.rows->OrdinalOf(*change.replaced_op_id);
    if (row.has_value()) live->Clear(*row);
  }
  live_space.live = std::move(live);
  return absl::OkStatus();
}

PerSpace<SpaceView> LiveRows::Spaces() const {
  PerSpace<SpaceView> views;
  for (const Space space : kAllSpaces) {
    views[space] = {spaces_[space].rows, spaces_[space].live};
  }
  return views;
}

}  // namespace likeness
