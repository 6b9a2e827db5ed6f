// Index options between the wire and the engine.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/core/error.h"
#include "engine/core/index_options.h"
#include "engine/core/status_macros.h"
#include "server/convert.h"

namespace likeness {
namespace {

using Copy = void (*)(const IndexOptions& from, IndexOptions& to);

// The fields of an update mask, and what each of them changes.
struct MaskField {
  absl::string_view path;
  Copy copy;
};
constexpr MaskField kMaskFields[] = {
    {"index", [](const IndexOptions& from, IndexOptions& to) { to = from; }},
    {"index.code",
     [](const IndexOptions& from, IndexOptions& to) { to.code = from.code; }},
    {"index.m",
     [](const IndexOptions& from, IndexOptions& to) { to.m = from.m; }},
    {"index.ef_construction",
     [](const IndexOptions& from, IndexOptions& to) {
       to.ef_construction = from.ef_construction;
     }},
    {"index.min_graph_rows",
     [](const IndexOptions& from, IndexOptions& to) {
       to.min_graph_rows = from.min_graph_rows;
     }},
    {"index.recall_target",
     [](const IndexOptions& from, IndexOptions& to) {
       to.recall_target = from.recall_target;
     }},
    {"index.kind",
     [](const IndexOptions& from, IndexOptions& to) { to.kind = from.kind; }},
    {"index.lists",
     [](const IndexOptions& from, IndexOptions& to) { to.lists = from.lists; }},
};

absl::StatusOr<Copy> FindCopy(absl::string_view path) {
  const auto* found = std::find_if(
      std::begin(kMaskFields), std::end(kMaskFields),
      [path](const MaskField& field) { return field.path == path; });
  if (found != std::end(kMaskFields)) return found->copy;
  return InvalidField(
      "update_mask",
      absl::StrCat("\"", path, "\" is no field that can be changed"));
}

absl::StatusOr<std::optional<VectorCode>> CodeFromWire(v1::VectorCode code) {
  switch (code) {
    case v1::VECTOR_CODE_UNSPECIFIED:
      return std::nullopt;
    case v1::VECTOR_CODE_FLOAT32:
      return VectorCode::kFloat32;
    case v1::VECTOR_CODE_BFLOAT16:
      return VectorCode::kBfloat16;
    case v1::VECTOR_CODE_FLOAT16:
      return VectorCode::kFloat16;
    case v1::VECTOR_CODE_INT8:
      return VectorCode::kInt8;
    default:
      return InvalidField("index.code", absl::StrCat(static_cast<int>(code),
                                                     " is no known code"));
  }
}

absl::StatusOr<std::optional<IndexKind>> KindFromWire(v1::IndexKind kind) {
  switch (kind) {
    case v1::INDEX_KIND_UNSPECIFIED:
      return std::nullopt;
    case v1::INDEX_KIND_FLAT:
      return IndexKind::kFlat;
    case v1::INDEX_KIND_HNSW:
      return IndexKind::kHnsw;
    case v1::INDEX_KIND_IVF:
      return IndexKind::kIvf;
    default:
      return InvalidField("index.kind", absl::StrCat(static_cast<int>(kind),
                                                     " is no known kind"));
  }
}

v1::IndexKind ToWire(IndexKind kind) {
  switch (kind) {
    case IndexKind::kFlat:
      return v1::INDEX_KIND_FLAT;
    case IndexKind::kHnsw:
      return v1::INDEX_KIND_HNSW;
    case IndexKind::kIvf:
      return v1::INDEX_KIND_IVF;
  }
  return v1::INDEX_KIND_UNSPECIFIED;
}

v1::VectorCode ToWire(VectorCode code) {
  switch (code) {
    case VectorCode::kFloat32:
      return v1::VECTOR_CODE_FLOAT32;
    case VectorCode::kBfloat16:
      return v1::VECTOR_CODE_BFLOAT16;
    case VectorCode::kFloat16:
      return v1::VECTOR_CODE_FLOAT16;
    case VectorCode::kInt8:
      return v1::VECTOR_CODE_INT8;
  }
  return v1::VECTOR_CODE_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<IndexOptions> IndexFromWire(const v1::IndexOptions& wire) {
  IndexOptions options;
  ASSIGN_OR_RETURN(options.code, CodeFromWire(wire.code()));
  if (wire.m() != 0) options.m = wire.m();
  if (wire.ef_construction() != 0) {
    options.ef_construction = wire.ef_construction();
  }
  if (wire.min_graph_rows() < 0) {
    return InvalidField("index.min_graph_rows", "is below 0");
  }
  if (wire.min_graph_rows() != 0) {
    options.min_graph_rows = static_cast<uint32_t>(wire.min_graph_rows());
  }
  if (wire.recall_target() != 0) options.recall_target = wire.recall_target();
  ASSIGN_OR_RETURN(options.kind, KindFromWire(wire.kind()));
  if (wire.lists() != 0) options.lists = wire.lists();
  RETURN_IF_ERROR(options.Validate());
  return options;
}

void ToWire(const IndexOptions& options, v1::IndexOptions& wire) {
  if (options.code.has_value()) wire.set_code(ToWire(*options.code));
  wire.set_m(options.m.value_or(0));
  wire.set_ef_construction(options.ef_construction.value_or(0));
  wire.set_min_graph_rows(
      static_cast<int32_t>(options.min_graph_rows.value_or(0)));
  wire.set_recall_target(options.recall_target.value_or(0));
  if (options.kind.has_value()) wire.set_kind(ToWire(*options.kind));
  wire.set_lists(options.lists.value_or(0));
}

absl::StatusOr<std::function<void(IndexOptions&)>> ChangeFromWire(
    const v1::UpdateCollectionRequest& request) {
  ASSIGN_OR_RETURN(const IndexOptions given, IndexFromWire(request.index()));
  if (!request.has_update_mask()) {
    if (given == IndexOptions()) {
      return InvalidField("index", "says nothing to change");
    }
    return [given](IndexOptions& options) { options = Merge(given, options); };
  }
  std::vector<Copy> copies;
  for (const std::string& path : request.update_mask().paths()) {
    ASSIGN_OR_RETURN(copies.emplace_back(), FindCopy(path));
  }
  return [given, copies = std::move(copies)](IndexOptions& options) {
    for (const Copy copy : copies) copy(given, options);
  };
}

}  // namespace likeness
