#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/error.h"
#include "engine/core/space.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"

namespace likeness {
namespace {

constexpr int kMaxDimensions = 4096;

// A space that must be named: there is no sensible default.
absl::StatusOr<Space> NamedSpace(v1::Space space, absl::string_view field) {
  if (space == v1::SPACE_UNSPECIFIED) {
    return InvalidField(field, "is not given");
  }
  return FromWire(space, Space::kSimilar, field);
}

void ToWire(const CollectionStats& stats, v1::IndexStats& wire) {
  wire.set_rows(static_cast<int64_t>(stats.rows));
  wire.set_dead_rows(static_cast<int64_t>(stats.dead_rows));
  wire.set_segments(static_cast<int32_t>(stats.segments));
  wire.set_sealed_segments(static_cast<int32_t>(stats.sealed_segments));
  wire.set_outdated_segments(static_cast<int32_t>(stats.outdated_segments));
  wire.set_memory_bytes(static_cast<int64_t>(stats.memory_bytes));
  wire.set_frozen_rows(static_cast<int64_t>(stats.frozen_rows));
}

void ToWire(const CollectionSize& size, v1::CollectionSize& wire) {
  wire.set_disk_bytes(static_cast<int64_t>(size.disk_bytes));
  wire.set_memory_bytes(static_cast<int64_t>(size.memory_bytes));
}

v1::CompactionState ToWire(CompactionState::Phase phase) {
  switch (phase) {
    case CompactionState::Phase::kNone:
      return v1::COMPACTION_STATE_UNSPECIFIED;
    case CompactionState::Phase::kSegments:
      return v1::COMPACTION_STATE_SEGMENTS;
    case CompactionState::Phase::kStore:
      return v1::COMPACTION_STATE_STORE;
    case CompactionState::Phase::kDone:
      return v1::COMPACTION_STATE_DONE;
    case CompactionState::Phase::kFailed:
      return v1::COMPACTION_STATE_FAILED;
  }
  return v1::COMPACTION_STATE_UNSPECIFIED;
}

}  // namespace

v1::Space SpaceToWire(Space space) {
  switch (space) {
    case Space::kSimilar:
      return v1::SPACE_SIMILAR;
    case Space::kCopy:
      return v1::SPACE_COPY;
  }
  return v1::SPACE_UNSPECIFIED;
}

absl::StatusOr<Space> FromWire(v1::Space space, Space fallback,
                               absl::string_view field) {
  switch (space) {
    case v1::SPACE_UNSPECIFIED:
      return fallback;
    case v1::SPACE_SIMILAR:
      return Space::kSimilar;
    case v1::SPACE_COPY:
      return Space::kCopy;
    default:
      return InvalidField(field, absl::StrCat(static_cast<int>(space),
                                              " is no space that is known"));
  }
}

absl::StatusOr<CollectionSpec> SpecFromWire(
    const v1::CreateCollectionRequest& request, const ModelInfo& model) {
  CollectionSpec spec;
  spec.name = request.name();
  spec.keep_thumbnails = !request.drop_thumbnails();
  // The store keeps microseconds.
  spec.created = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
  if (request.vector_spaces().empty()) {
    spec.model_id = model.id;
    spec.dimensions = model.dimensions;
  }
  for (int i = 0; i < request.vector_spaces_size(); ++i) {
    const v1::SpaceConfig& config = request.vector_spaces(i);
    const std::string field = absl::StrCat("vector_spaces[", i, "]");
    ASSIGN_OR_RETURN(const Space space,
                     NamedSpace(config.space(), field + ".space"));
    if (spec.dimensions[space] != 0) {
      return InvalidField(field + ".space", "is given twice");
    }
    if (config.dimensions() < 1 || config.dimensions() > kMaxDimensions) {
      return InvalidField(field + ".dimensions",
                          absl::StrCat(config.dimensions(), " is not in 1 to ",
                                       kMaxDimensions));
    }
    spec.dimensions[space] = config.dimensions();
  }
  ASSIGN_OR_RETURN(spec.index, IndexFromWire(request.index()));
  RETURN_IF_ERROR(ValidateCollectionSpec(spec));
  return spec;
}

void ToWire(const Collection& collection, v1::Collection& wire) {
  const CollectionSpec spec = collection.spec();
  wire.set_name(spec.name);
  wire.set_model_id(spec.model_id);
  for (const Space space : kAllSpaces) {
    if (spec.dimensions[space] == 0) continue;
    v1::SpaceConfig& config = *wire.add_spaces();
    config.set_space(SpaceToWire(space));
    config.set_dimensions(spec.dimensions[space]);
  }
  wire.set_keep_thumbnails(spec.keep_thumbnails);
  wire.set_item_count(static_cast<int64_t>(collection.size()));
  wire.set_last_op_id(collection.last_op_id());
  TimeToWire(spec.created, *wire.mutable_create_time());
  const CollectionStats stats = collection.stats();
  ToWire(spec.index, *wire.mutable_index());
  ToWire(stats.index, *wire.mutable_index_in_effect());
  ToWire(stats, *wire.mutable_index_stats());
  if (stats.compaction.phase != CompactionState::Phase::kNone) {
    ToWire(stats.compaction, *wire.mutable_compaction());
  }
}

void ToWire(const CompactionState& state, v1::Compaction& wire) {
  wire.set_state(ToWire(state.phase));
  wire.set_progress(state.progress);
  ToWire(state.before, *wire.mutable_before());
  TimeToWire(state.started, *wire.mutable_start_time());
  if (state.running()) return;
  TimeToWire(state.ended, *wire.mutable_end_time());
  if (state.status.ok()) {
    ToWire(state.after, *wire.mutable_after());
  } else {
    wire.set_error(std::string(state.status.message()));
  }
}

absl::StatusOr<std::vector<float>> VectorFromWire(const v1::Vector& wire,
                                                  Space space,
                                                  const CollectionSpec& spec,
                                                  absl::string_view field) {
  const std::string values = absl::StrCat(field, ".values");
  const int dimensions = spec.dimensions[space];
  if (dimensions == 0) {
    return InvalidField(
        absl::StrCat(field, ".space"),
        absl::StrCat("collection '", spec.name, "' has no space '",
                     SpaceName(space), "'"));
  }
  if (wire.values_size() != dimensions) {
    return InvalidField(
        values, absl::StrCat("has ", wire.values_size(), " values, but space '",
                             SpaceName(space), "' of collection '", spec.name,
                             "' has ", dimensions, " dimensions"));
  }
  if (!absl::c_all_of(wire.values(),
                      [](float v) { return std::isfinite(v); })) {
    return InvalidField(values, "holds a value that is not finite");
  }
  if (absl::c_all_of(wire.values(), [](float v) { return v == 0; })) {
    return InvalidField(values, "is all zero, so it has no direction");
  }
  return std::vector<float>(wire.values().begin(), wire.values().end());
}

absl::StatusOr<ItemVectors> VectorsFromWire(const v1::Vectors& wire,
                                            const CollectionSpec& spec,
                                            absl::string_view field) {
  if (wire.vectors().empty()) {
    return InvalidField(absl::StrCat(field, ".vectors"),
                        "holds no vector; give at least one");
  }
  ItemVectors vectors;
  for (int i = 0; i < wire.vectors_size(); ++i) {
    const v1::Vector& vector = wire.vectors(i);
    const std::string element = absl::StrCat(field, ".vectors[", i, "]");
    ASSIGN_OR_RETURN(const Space space,
                     NamedSpace(vector.space(), element + ".space"));
    ASSIGN_OR_RETURN(const std::vector<float> values,
                     VectorFromWire(vector, space, spec, element));
    std::vector<float>& all = vectors[space];
    if (all.size() == kMaxVectorsInSpace * values.size()) {
      return InvalidField(element,
                          absl::StrCat("is one too many: the limit is ",
                                       kMaxVectorsInSpace, " of a space"));
    }
    all.insert(all.end(), values.begin(), values.end());
  }
  return vectors;
}

void ToWire(const ItemVectors& vectors, const CollectionSpec& spec,
            v1::Vectors& wire) {
  for (const Space space : kAllSpaces) {
    const std::vector<float>& all = vectors[space];
    for (auto at = all.begin(); at != all.end(); at += spec.dimensions[space]) {
      v1::Vector& vector = *wire.add_vectors();
      vector.set_space(SpaceToWire(space));
      vector.mutable_values()->Assign(at, at + spec.dimensions[space]);
    }
  }
}

}  // namespace likeness
