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

  uint64_t CodeBytes(VectorCode code) const {
    switch (code) {
      case VectorCode::kFloat32:
        return 0;
      case VectorCode::kInt8:
        return info_.rows * Int8CodeWidth(info_.dimensions);
      case VectorCode::kBfloat16:
        return info_.rows * Bfloat16CodeWidth(info_.dimensions) *
               sizeof(uint16_t);
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
        .tuning = {}};
    ASSIGN_OR_RETURN(parts.codes,
                     file_.Load(IndexSection::kCodes, CodeBytes(code)));
    ASSIGN_OR_RETURN(parts.links,
                     file_.Load(IndexSection::kLinks,
                                info_.rows * 2 * info_.m * sizeof(uint32_t)));
    ASSIGN_OR_RETURN(
        parts.levels,
        file_.Load(IndexSection::kLevels, file_.SizeOf(IndexSection::kLevels)));
    auto graph =
        ViewHnswGraph(info_.rows, info_.m, info_.entry,
                      parts.links.As<uint32_t>(), parts.levels.As<uint32_t>());
    if (!graph.ok()) {
      return file_.Damaged(IndexSection::kLinks, graph.status().message());
    }
    parts.graph = *std::move(graph);
    ASSIGN_OR_RETURN(const auto twins, Numbers<uint32_t>(IndexSection::kTwins));
    auto made_twins = Twins::Make(twins, info_.rows);
    if (!made_twins.ok()) {
      return file_.Damaged(IndexSection::kTwins, made_twins.status().message());
    }
    parts.twins = *std::move(made_twins);
    ASSIGN_OR_RETURN(const auto tuned,
                     Numbers<TunedPoint>(IndexSection::kTuning));
    auto tuning = TuningTable::Make(tuned);
    if (!tuning.ok()) {
      return file_.Damaged(IndexSection::kTuning, tuning.status().message());
    }
    parts.tuning = *std::move(tuning);
    return MakeSealedHnsw(std::move(parts));
  }

  // A small section of as many Ts as it has.
  template <typename T>
  absl::StatusOr<std::vector<T>> Numbers(IndexSection section) const {
    ASSIGN_OR_RETURN(const MemoryRegion region,
                     file_.Load(section, file_.SizeOf(section)));
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
  const IndexFileInfo& info = file.info();
  if (info.rows < 1 || info.rows > kMaxRows || info.dimensions < 1 ||
      info.dimensions > kMaxDimensions || info.m > kMaxLinks / 2) {
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
