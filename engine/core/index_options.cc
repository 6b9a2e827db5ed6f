#include "engine/core/index_options.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"

namespace likeness {
namespace {

constexpr VectorCode kCodes[] = {VectorCode::kFloat32, VectorCode::kInt8,
                                 VectorCode::kBfloat16, VectorCode::kFloat16};

constexpr IndexKind kKinds[] = {IndexKind::kFlat, IndexKind::kHnsw,
                                IndexKind::kIvf};

template <typename T>
absl::Status CheckRange(absl::string_view field, std::optional<T> value,
                        T least, T most) {
  if (!value.has_value() || (*value >= least && *value <= most)) {
    return absl::OkStatus();
  }
  return InvalidField(
      field, absl::StrCat("is ", *value, ", must be ", least, " to ", most));
}

}  // namespace

absl::string_view VectorCodeName(VectorCode code) {
  switch (code) {
    case VectorCode::kFloat32:
      return "float32";
    case VectorCode::kInt8:
      return "int8";
    case VectorCode::kBfloat16:
      return "bfloat16";
    case VectorCode::kFloat16:
      return "float16";
  }
  return "";
}

std::optional<VectorCode> VectorCodeOfName(absl::string_view name) {
  for (const VectorCode code : kCodes) {
    if (VectorCodeName(code) == name) return code;
  }
  return std::nullopt;
}

absl::string_view IndexKindName(IndexKind kind) {
  switch (kind) {
    case IndexKind::kFlat:
      return "flat";
    case IndexKind::kHnsw:
      return "hnsw";
    case IndexKind::kIvf:
      return "ivf";
  }
  return "";
}

std::optional<IndexKind> IndexKindOfName(absl::string_view name) {
  for (const IndexKind kind : kKinds) {
    if (IndexKindName(kind) == name) return kind;
  }
  return std::nullopt;
}

absl::Status IndexOptions::Validate() const {
  if (code.has_value() && VectorCodeName(*code).empty()) {
    return InvalidField("index.code", "there is no such code");
  }
  if (kind.has_value() && IndexKindName(*kind).empty()) {
    return InvalidField("index.kind", "there is no such kind of index");
  }
  absl::Status status = CheckRange("index.m", m, kMinGraphM, kMaxGraphM);
  status.Update(CheckRange("index.ef_construction", ef_construction, 1,
                           kMaxEfConstruction));
  status.Update(CheckRange("index.min_graph_rows", min_graph_rows, uint32_t{1},
                           kMaxMinGraphRows));
  status.Update(CheckRange("index.lists", lists, 1, kMaxIvfLists));
  // Written so that NaN fails.
  if (recall_target.has_value() &&
      !(*recall_target > 0 && *recall_target < 1)) {
    status.Update(InvalidField(
        "index.recall_target",
        absl::StrCat("is ", *recall_target, ", must be above 0 and below 1")));
  }
  return status;
}

IndexOptions Merge(const IndexOptions& chosen, const IndexOptions& rule) {
  IndexOptions merged = rule;
  if (chosen.code.has_value()) merged.code = chosen.code;
  if (chosen.m.has_value()) merged.m = chosen.m;
  if (chosen.ef_construction.has_value()) {
    merged.ef_construction = chosen.ef_construction;
  }
  if (chosen.min_graph_rows.has_value()) {
    merged.min_graph_rows = chosen.min_graph_rows;
  }
  if (chosen.recall_target.has_value()) {
    merged.recall_target = chosen.recall_target;
  }
  if (chosen.kind.has_value()) merged.kind = chosen.kind;
  if (chosen.lists.has_value()) merged.lists = chosen.lists;
  return merged;
}

}  // namespace likeness
