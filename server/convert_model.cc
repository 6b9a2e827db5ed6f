#include "server/convert_model.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "server/convert.h"

namespace likeness {
namespace {

void ToWire(const Collection& generation, v1::ModelGeneration& wire) {
  wire.set_model_id(generation.spec().model_id);
  wire.set_item_count(static_cast<int64_t>(generation.size()));
  wire.set_unembedded_count(
      static_cast<int64_t>(generation.stats().unembedded_items));
  wire.set_last_op_id(generation.last_op_id());
}

void ToWire(const SpaceOverlap& overlap, v1::SpaceOverlap& wire) {
  wire.set_space(SpaceToWire(overlap.space));
  wire.set_queries(static_cast<int64_t>(overlap.queries));
  wire.set_mean(overlap.mean);
  wire.set_lowest_tenth(overlap.lowest_tenth);
  wire.set_same_first(overlap.same_first);
  for (const OverlapExample& example : overlap.worst) {
    v1::OverlapExample& worst = *wire.add_worst();
    worst.set_id(example.id);
    worst.set_overlap(example.overlap);
    worst.mutable_current_ids()->Assign(example.before.begin(),
                                        example.before.end());
    worst.mutable_other_ids()->Assign(example.after.begin(),
                                      example.after.end());
  }
}

}  // namespace

void ToWire(const Generations& generations, v1::ModelChange& wire) {
  wire.set_collection(generations.current->spec().name);
  // First the one that comes behind.
  ToWire(*generations.other, *wire.mutable_other());
  ToWire(*generations.current, *wire.mutable_current());
  wire.set_switched(generations.switched);
  TimeToWire(generations.started, *wire.mutable_start_time());
  const uint64_t newest = wire.current().last_op_id();
  wire.set_operations_left(static_cast<int64_t>(
      newest - std::min(newest, wire.other().last_op_id())));
}

void ToWire(const ReembedCounts& counts, absl::Duration work_time,
            v1::ReembedProgress& wire) {
  wire.set_operations(static_cast<int64_t>(counts.operations));
  wire.set_embedded(static_cast<int64_t>(counts.embedded));
  wire.set_reused(static_cast<int64_t>(counts.reused));
  wire.set_unembedded(static_cast<int64_t>(counts.unembedded));
  wire.set_deleted(static_cast<int64_t>(counts.deleted));
  wire.set_superseded(static_cast<int64_t>(counts.superseded));
  for (const auto& [reason, count] : counts.unembedded_by_reason) {
    (*wire.mutable_unembedded_by_reason())[reason] =
        static_cast<int64_t>(count);
  }
  DurationToWire(work_time, *wire.mutable_work_time());
}

void ToWire(const Item& item, v1::UnembeddedItem& wire) {
  wire.set_id(item.id);
  wire.set_source(item.source);
  wire.set_reason(item.unembedded->reason);
  wire.set_message(item.unembedded->message);
}

OverlapOptions FromWire(const v1::CompareModelsRequest& wire) {
  OverlapOptions options;
  if (wire.sample() != 0) options.sample = wire.sample();
  if (wire.k() != 0) options.k = wire.k();
  options.worst = wire.worst();
  options.seed = wire.seed();
  return options;
}

void ToWire(const std::vector<SpaceOverlap>& overlaps,
            v1::CompareModelsResponse& wire) {
  for (const SpaceOverlap& overlap : overlaps) {
    ToWire(overlap, *wire.add_spaces());
  }
}

void CutExamples(size_t max_bytes, v1::CompareModelsResponse& wire) {
  const auto has_fewer = [](const v1::SpaceOverlap& a,
                            const v1::SpaceOverlap& b) {
    return a.worst_size() < b.worst_size();
  };
  size_t bytes = wire.ByteSizeLong();
  while (bytes > max_bytes) {
    const auto most = std::max_element(wire.mutable_spaces()->begin(),
                                       wire.mutable_spaces()->end(), has_fewer);
    if (most->worst().empty()) return;
    bytes -= most->worst().rbegin()->ByteSizeLong();
    most->mutable_worst()->RemoveLast();
  }
}

}  // namespace likeness
