#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/index/index_file.h"
#include "engine/index/kernels.h"
#include "engine/index/sealed_hnsw.h"
#include "engine/index/sealed_index.h"
#include "engine/index/sealed_ivf.h"
#include "engine/index/vector_code.h"

namespace likeness {
namespace {

// Puts an index together from a file's sections.
class FileOpener {
 public:
  FileOpener(const IndexFile& file, const IndexOpenOptions& options)
      : file_(file), info_(file.info()), options_(options) {}

  absl::StatusOr<std::unique_ptr<SealedIndex>> Open() const {
    const auto code = static_cast<VectorCode>(info_.code);
    switch (static_cast<IndexKind>(info_.kind)) {
      case IndexKind::kFlat: {
        ASSIGN_OR_RETURN(SealedRows rows, Rows(options_.map_rows));
        return MakeSealedFlat(std::move(rows));
      }
      case IndexKind::kHnsw:
        if (VectorCodeName(code).empty()) break;
        return OpenHnsw(code);
      case IndexKind::kIvf:
        if (VectorCodeName(code).empty()) break;
        return OpenIvf(code);
    }
    return file_.Damaged(IndexSection::kRows, "has a form that is not known");
  }

 private:
  absl::StatusOr<SealedRows> Rows(bool map) const {
    const uint64_t bytes = info_.rows * info_.dimensions * sizeof(float);
    ASSIGN_OR_RETURN(
        MemoryRegion region,
        map ? file_.Map(IndexSection::kRows, bytes, options_.verify_mapped)
            : file_.Load(IndexSection::kRows, bytes));
    return SealedRows(std::move(region), info_.dimensions, info_.max_norm, map);
  }

  uint64_t CodeBytes(VectorCode code, uint64_t codes) const {
    switch (code) {
      case VectorCode::kFloat32:
        return 0;
      case VectorCode::kInt8:
        return codes * Int8CodeWidth(info_.dimensions);
      case VectorCode::kBfloat16:
      case VectorCode::kFloat16:
        return codes * TwoByteCodeWidth(info_.dimensions) * sizeof(uint16_t);
    }
    return 0;
  }

  absl::StatusOr<std::unique_ptr<SealedIndex>> OpenHnsw(VectorCode code) const {
    const bool map = options_.map_rows || code != VectorCode::kFloat32;
    ASSIGN_OR_RETURN(SealedRows rows, Rows(map));
    HnswParts parts{
        .rows = std::move(rows),
        .built = {.code = code,
                  .m = static_cast<int>(info_.m),
                  .ef_construction = static_cast<int>(info_.ef_construction)},
        .codes = {},
        .links = {},
        .levels = {},
        .graph = {},
        .twins = {},
        .tuning = {},
        .reach = {}};
    ASSIGN_OR_RETURN(parts.codes, file_.Load(IndexSection::kCodes,
                                             CodeBytes(code, info_.rows)));
    ASSIGN_OR_RETURN(parts.links,
                     file_.Load(IndexSection::kLinks,
                                info_.rows * 2 * info_.m * sizeof(uint32_t)));
    ASSIGN_OR_RETURN(parts.levels, LoadAll(IndexSection::kLevels));
    auto graph =
        ViewHnswGraph(info_.rows, info_.m, info_.entry,
                      parts.links.As<uint32_t>(), parts.levels.As<uint32_t>());
    if (!graph.ok()) {
      return file_.Damaged(IndexSection::kLinks, graph.status().message());
    }
    parts.graph = *std::move(graph);
    ASSIGN_OR_RETURN(parts.twins, LoadTwins());
    ASSIGN_OR_RETURN(parts.tuning, LoadTuning());
    ASSIGN_OR_RETURN(parts.reach, LoadReach(IndexSection::kReach, kMostReach));
    return MakeSealedHnsw(std::move(parts));
  }

  absl::StatusOr<std::unique_ptr<SealedIndex>> OpenIvf(VectorCode code) const {
    const bool map = options_.map_rows || code != VectorCode::kFloat32;
    ASSIGN_OR_RETURN(SealedRows rows, Rows(map));
    IvfParts parts{.rows = std::move(rows),
                   .built = {.kind = IndexKind::kIvf,
                             .code = code,
                             .lists = static_cast<int>(info_.m)},
                   .codes = {},
                   .numbers = {},
                   .centroid_codes = {},
                   .lists = {},
                   .centroids = {},
                   .twins = {},
                   .tuning = {}};
    ASSIGN_OR_RETURN(parts.numbers, LoadAll(IndexSection::kLists));
    auto lists = IvfLists::View(info_.rows, parts.numbers.As<uint32_t>());
    if (!lists.ok()) {
      return file_.Damaged(IndexSection::kLists, lists.status().message());
    }
    parts.lists = *std::move(lists);
    ASSIGN_OR_RETURN(
        parts.codes,
        file_.Load(IndexSection::kCodes, CodeBytes(code, parts.lists.size())));
    const size_t width = info_.dimensions;
    ASSIGN_OR_RETURN(parts.centroid_codes,
                     file_.Load(IndexSection::kCentroids,
                                parts.lists.count() * Int8CodeWidth(width)));
    parts.centroids = IvfCentroids(parts.centroid_codes.As<int8_t>(), width);
    ASSIGN_OR_RETURN(parts.twins, LoadTwins());
    ASSIGN_OR_RETURN(parts.tuning,
                     LoadReach(IndexSection::kTuning, parts.lists.count()));
    return MakeSealedIvf(std::move(parts));
  }

  absl::StatusOr<Twins> LoadTwins() const {
    ASSIGN_OR_RETURN(const auto stored,
                     Numbers<uint32_t>(IndexSection::kTwins));
    auto twins = Twins::Make(stored, info_.rows);
    if (twins.ok()) return twins;
    return file_.Damaged(IndexSection::kTwins, twins.status().message());
  }

  absl::StatusOr<TuningTable> LoadTuning() const {
    ASSIGN_OR_RETURN(const auto points,
                     Numbers<TunedPoint>(IndexSection::kTuning));
    auto table = TuningTable::Make(points, kMaxEfSearch);
    if (table.ok()) return table;
    return file_.Damaged(IndexSection::kTuning, table.status().message());
  }

  absl::StatusOr<ReachTable> LoadReach(IndexSection section,
                                       size_t most) const {
    ASSIGN_OR_RETURN(const auto points, Numbers<ReachPoint>(section));
    auto table = ReachTable::Make(points, most);
    if (table.ok()) return table;
    return file_.Damaged(section, table.status().message());
  }

  absl::StatusOr<MemoryRegion> LoadAll(IndexSection section) const {
    return file_.Load(section, file_.SizeOf(section));
  }

  // A small section of as many Ts as it has.
  template <typename T>
  absl::StatusOr<std::vector<T>> Numbers(IndexSection section) const {
    ASSIGN_OR_RETURN(const MemoryRegion region, LoadAll(section));
    const auto numbers = region.As<T>();
    return std::vector<T>(numbers.begin(), numbers.end());
  }

  const IndexFile& file_;
  const IndexFileInfo& info_;
  const IndexOpenOptions& options_;
};

// What sizes are computed from.
absl::Status CheckInfo(const IndexFile& file) {
  constexpr uint64_t kMaxRows = 0x7fffffff;
  constexpr uint32_t kMaxDimensions = 4096;
  // Of lists; ViewHnswGraph looks at that of a graph.
  constexpr uint32_t kMaxM = kMaxIvfLists;
  const IndexFileInfo& info = file.info();
  if (info.rows < 1 || info.rows > kMaxRows || info.dimensions < 1 ||
      info.dimensions > kMaxDimensions || info.m > kMaxM) {
    return file.Damaged(IndexSection::kRows, "has impossible sizes");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SealedIndex>> OpenIndexFile(
    const std::string& path, const IndexOpenOptions& options) {
  ASSIGN_OR_RETURN(const auto file, IndexFile::Open(path));
  RETURN_IF_ERROR(CheckInfo(*file));
  return FileOpener(*file, options).Open();
}

}  // namespace likeness
