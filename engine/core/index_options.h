// What the owner of a collection may choose of its indexes.
#ifndef LIKENESS_ENGINE_CORE_INDEX_OPTIONS_H_
#define LIKENESS_ENGINE_CORE_INDEX_OPTIONS_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace likeness {

// What a sealed index is searched through. The values are stored: append only.
enum class IndexKind : uint32_t {
  kFlat = 0,  // Nothing: every search is exact.
  kHnsw = 1,  // A graph; see engine/index/hnsw_graph.h.
  kIvf = 2,   // Lists around centroids; see engine/index/ivf_lists.h.
};

// "flat", "hnsw", "ivf"; empty for any other value.
absl::string_view IndexKindName(IndexKind kind);

// nullopt when there is none of the name.
std::optional<IndexKind> IndexKindOfName(absl::string_view name);

// The form of the vectors that a search through a graph or lists compares. What
// it finds is then scored with the float32 vectors, which its file holds in any
// case. The values are stored: append only.
enum class VectorCode : uint32_t {
  kFloat32 = 0,   // 4 bytes a dimension; the vectors themselves, in memory.
  kInt8 = 1,      // 1 byte, one step for all; vectors in the mapped file.
  kBfloat16 = 2,  // 2 bytes; vectors in the mapped file.
  kFloat16 = 3,   // 2 bytes, three more bits of each number; likewise.
};

// "float32", "int8", "bfloat16", "float16"; empty for any other value.
absl::string_view VectorCodeName(VectorCode code);

// nullopt when there is none of the name.
std::optional<VectorCode> VectorCodeOfName(absl::string_view name);

inline constexpr int kMinGraphM = 2;
inline constexpr int kMaxGraphM = 128;
inline constexpr int kMaxEfConstruction = 10'000;
inline constexpr uint32_t kMaxMinGraphRows = uint32_t{1} << 30;
inline constexpr int kMaxIvfLists = 1 << 18;

// How the vectors of a collection are to be indexed. What is not set is chosen
// by the program's rule (engine/collection/segment_options.h,
// docs/search.md), which may differ in another version.
struct IndexOptions {
  std::optional<VectorCode> code = std::nullopt;  // Of graphs and lists.
  // Links of a node, kMinGraphM..kMaxGraphM.
  std::optional<int> m = std::nullopt;
  std::optional<int> ef_construction = std::nullopt;  // 1..kMaxEfConstruction.
  // Sealed segments with fewer rows are searched exactly: 1..kMaxMinGraphRows.
  std::optional<uint32_t> min_graph_rows = std::nullopt;
  // Of searches that don't ask for one: above 0, below 1.
  std::optional<float> recall_target = std::nullopt;
  // Of sealed segments with min_graph_rows and more; not set: by their size.
  std::optional<IndexKind> kind = std::nullopt;
  // Of an IVF index, 1..kMaxIvfLists; not set: by its size.
  std::optional<int> lists = std::nullopt;

  // INVALID_ARGUMENT names the field ("index.m") and its range.
  absl::Status Validate() const;

  friend bool operator==(const IndexOptions&, const IndexOptions&) = default;
};

// `chosen`, and `rule` where nothing was chosen.
IndexOptions Merge(const IndexOptions& chosen, const IndexOptions& rule);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_INDEX_OPTIONS_H_
