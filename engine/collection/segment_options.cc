#include "engine/collection/segment_options.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"

namespace likeness {
namespace {

constexpr size_t kMaxGrowingRows = size_t{1} << 20;
// Rows are numbered with 32 bits.
constexpr size_t kMaxSegmentRows = size_t{1} << 30;

}  // namespace

absl::Status SegmentOptions::Validate() const {
  if (growing_rows < 1 || growing_rows > kMaxGrowingRows) {
    return InvalidField(
        "growing_rows",
        absl::StrCat("is ", growing_rows, ", must be 1 to ", kMaxGrowingRows));
  }
  if (max_segment_rows < growing_rows || max_segment_rows > kMaxSegmentRows) {
    return InvalidField("max_segment_rows",
                        absl::StrCat("is ", max_segment_rows, ", must be ",
                                     growing_rows, " to ", kMaxSegmentRows));
  }
  if (max_frozen_rows < growing_rows || max_frozen_rows > kMaxSegmentRows) {
    return InvalidField("max_frozen_rows",
                        absl::StrCat("is ", max_frozen_rows, ", must be ",
                                     growing_rows, " to ", kMaxSegmentRows));
  }
  // Written so that NaN fails.
  if (!(max_dead_share > 0 && max_dead_share <= 1)) {
    return InvalidField(
        "max_dead_share",
        absl::StrCat("is ", max_dead_share, ", must be above 0 and at most 1"));
  }
  return graph.Validate();
}

IndexOptions SegmentOptions::index_rule() const {
  return {.code = graph.code,
          .m = graph.m,
          .ef_construction = graph.ef_construction,
          .min_graph_rows = static_cast<uint32_t>(min_graph_rows),
          .recall_target = kDefaultRecallTarget,
          .kind = kind};
}

SegmentOptions SegmentOptions::With(const IndexOptions& chosen) const {
  const IndexOptions merged = Merge(chosen, index_rule());
  SegmentOptions options = *this;
  options.graph.code = *merged.code;
  options.graph.m = *merged.m;
  options.graph.ef_construction = *merged.ef_construction;
  options.min_graph_rows = *merged.min_graph_rows;
  options.kind = merged.kind;
  if (chosen.code.has_value()) options.list_code = *chosen.code;
  if (chosen.lists.has_value()) options.graph.lists = *chosen.lists;
  return options;
}

IndexBuildParams SegmentOptions::ParamsFor(size_t rows) const {
  const IndexKind by_size =
      rows < min_ivf_rows ? IndexKind::kHnsw : IndexKind::kIvf;
  IndexBuildParams params = graph;
  params.kind =
      rows < min_graph_rows ? IndexKind::kFlat : kind.value_or(by_size);
  if (params.kind == IndexKind::kFlat) params.code = VectorCode::kFloat32;
  if (params.kind == IndexKind::kIvf) params.code = list_code;
  return params;
}

}  // namespace likeness
