#include "engine/index/sealed_index.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/index/hnsw_build.h"
#include "engine/index/index_file.h"
#include "engine/index/kernels.h"
#include "engine/index/memory_region.h"
#include "engine/index/sealed_hnsw.h"
#include "engine/index/tuning.h"
#include "engine/index/twins.h"
#include "engine/index/vector_code.h"

namespace likeness {
namespace {

constexpr int kMaxDimensions = 4096;
constexpr size_t kMaxRows = 0x7fffffff;
constexpr size_t kReadRows = 4096;  // At a time.
constexpr int kMaxThreads = 256;
constexpr int kTuneQueries = 200;
constexpr uint64_t kTuneSeed = 1;

absl::Status CheckRange(absl::string_view name, int64_t value, int64_t least,
                        int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return InvalidField(
      name, absl::StrCat("is ", value, ", must be ", least, " to ", most));
}

absl::string_view BytesOf(absl::Span<const uint32_t> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()),
          numbers.size() * sizeof(uint32_t)};
}

// Builds one file.
class FileBuilder {
 public:
  FileBuilder(const IndexRows& rows, const IndexBuildParams& params,
              const BuildPace& pace)
      : source_(rows),
        params_(params),
        pace_(pace),
        width_(static_cast<size_t>(rows.dimensions)) {}

  absl::Status Build(const std::string& path) {
    ASSIGN_OR_RETURN(const auto file, IndexFileWriter::Create(path));
    RETURN_IF_ERROR(ReadRows());
    RETURN_IF_ERROR(file->Append(IndexSection::kRows, rows_.bytes()));
    if (params_.kind == IndexKind::kHnsw) RETURN_IF_ERROR(AppendGraph(*file));
    return file->Commit(info_);
  }

 private:
  absl::Status CheckPace() const {
    if (!pace_ || pace_()) return absl::OkStatus();
    return absl::CancelledError("the build was cancelled");
  }

  float* Row(size_t row) {
    return reinterpret_cast<float*>(rows_.data()) + row * width_;
  }

  absl::Status ReadRows() {
    info_.kind = static_cast<uint32_t>(params_.kind);
    info_.code = static_cast<uint32_t>(params_.code);
    info_.rows = source_.count;
    info_.dimensions = static_cast<uint32_t>(source_.dimensions);
    ASSIGN_OR_RETURN(
        rows_, MemoryRegion::Allocate(source_.count * width_ * sizeof(float)));
    for (size_t first = 0; first < source_.count; first += kReadRows) {
      RETURN_IF_ERROR(CheckPace());
      const size_t count = std::min(kReadRows, source_.count - first);
      RETURN_IF_ERROR(
          source_.read(first, absl::Span<float>(Row(first), count * width_)));
      for (size_t i = first; i < first + count; ++i) {
        info_.max_norm = std::max(info_.max_norm, NormOf(Row(i)));
      }
    }
    return absl::OkStatus();
  }

  float NormOf(const float* row) const {
    float square = 0;
    BestKernels().float32(row, &row, 1, width_, &square);
    return std::sqrt(square);
  }

  absl::Status AppendGraph(IndexFileWriter& file) {
    Twins twins = Twins::Find(Row(0), source_.count, width_);
    ASSIGN_OR_RETURN(
        const HnswArrays arrays,
        BuildHnsw({.rows = Row(0),
                   .count = source_.count,
                   .dimensions = width_,
                   .m = params_.m,
                   .ef_construction = params_.ef_construction,
                   .threads = params_.threads,
                   .left_out = twins.empty() ? nullptr : &twins.later(),
                   .pace = pace_}));
    info_.m = static_cast<uint32_t>(params_.m);
    info_.ef_construction = static_cast<uint32_t>(params_.ef_construction);
    info_.entry = arrays.entry;
    ASSIGN_OR_RETURN(MemoryRegion codes, Encode());
    RETURN_IF_ERROR(file.Append(IndexSection::kCodes, codes.bytes()));
    RETURN_IF_ERROR(file.Append(IndexSection::kLinks, BytesOf(arrays.links)));
    RETURN_IF_ERROR(file.Append(IndexSection::kLevels, BytesOf(arrays.levels)));
    RETURN_IF_ERROR(file.Append(IndexSection::kTwins, BytesOf(twins.stored())));
    return AppendTuning(arrays, std::move(codes), std::move(twins), file);
  }

  absl::StatusOr<MemoryRegion> Encode() {
    const size_t count = source_.count;
    MemoryRegion codes;
    if (params_.code == VectorCode::kInt8) {
      info_.code_step = Int8Step({Row(0), count * width_});
      const size_t width = Int8CodeWidth(width_);
      ASSIGN_OR_RETURN(codes, MemoryRegion::Allocate(count * width));
      auto* out = reinterpret_cast<int8_t*>(codes.data());
      for (size_t i = 0; i < count; ++i) {
        EncodeInt8({Row(i), width_}, info_.code_step, {out + i * width, width});
      }
    } else if (params_.code == VectorCode::kBfloat16) {
      const size_t width = Bfloat16CodeWidth(width_);
      ASSIGN_OR_RETURN(
          codes, MemoryRegion::Allocate(count * width * sizeof(uint16_t)));
      auto* out = reinterpret_cast<uint16_t*>(codes.data());
      for (size_t i = 0; i < count; ++i) {
        EncodeBfloat16({Row(i), width_}, {out + i * width, width});
      }
    }
    return codes;
  }

  // The last section: what is written is searched here as it will be when the
  // file is open.
  absl::Status AppendTuning(const HnswArrays& arrays, MemoryRegion codes,
                            Twins twins, IndexFileWriter& file) {
    ASSIGN_OR_RETURN(
        HnswGraph graph,
        ViewHnswGraph(source_.count, static_cast<size_t>(params_.m),
                      arrays.entry, arrays.links, arrays.levels));
    const auto index = MakeSealedHnsw({
        .rows = SealedRows(std::move(rows_), width_, info_.max_norm, false),
        .built = params_,
        .codes = std::move(codes),
        .links = {},
        .levels = {},
        .graph = std::move(graph),
        .twins = std::move(twins),
        .tuning = {},
    });
    ASSIGN_OR_RETURN(const std::vector<float> queries,
                     SampleQueries(*index, kTuneQueries, kTuneSeed));
    TuneOptions options;
    options.pace = pace_;
    ASSIGN_OR_RETURN(const TuningTable table,
                     TuneIndex(*index, queries, options));
    return file.Append(IndexSection::kTuning,
                       {reinterpret_cast<const char*>(table.points().data()),
                        table.points().size() * sizeof(TunedPoint)});
  }

  const IndexRows& source_;
  const IndexBuildParams& params_;
  const BuildPace& pace_;
  const size_t width_;
  MemoryRegion rows_;
  IndexFileInfo info_;
};

}  // namespace

absl::string_view IndexKindName(IndexKind kind) {
  return kind == IndexKind::kFlat ? "flat" : "hnsw";
}

bool MakeTheSame(const IndexBuildParams& a, const IndexBuildParams& b) {
  if (a.kind != b.kind) return false;
  return a.kind == IndexKind::kFlat || (a.code == b.code && a.m == b.m &&
                                        a.ef_construction == b.ef_construction);
}

absl::Status IndexBuildParams::Validate() const {
  if (kind != IndexKind::kFlat && kind != IndexKind::kHnsw) {
    return InvalidField("kind", "there is no such kind of index");
  }
  if (VectorCodeName(code).empty()) {
    return InvalidField("code", "there is no such code");
  }
  if (kind == IndexKind::kFlat && code != VectorCode::kFloat32) {
    return InvalidField("code", "a flat index keeps float32 vectors");
  }
  RETURN_IF_ERROR(CheckRange("m", m, kMinGraphM, kMaxGraphM));
  RETURN_IF_ERROR(
      CheckRange("ef_construction", ef_construction, 1, kMaxEfConstruction));
  return CheckRange("threads", threads, 1, kMaxThreads);
}

absl::Status BuildIndexFile(const IndexRows& rows,
                            const IndexBuildParams& params,
                            const std::string& path, const BuildPace& pace) {
  RETURN_IF_ERROR(params.Validate());
  RETURN_IF_ERROR(CheckRange("count", static_cast<int64_t>(rows.count), 1,
                             static_cast<int64_t>(kMaxRows)));
  RETURN_IF_ERROR(CheckRange("dimensions", rows.dimensions, 1, kMaxDimensions));
  return FileBuilder(rows, params, pace).Build(path);
}

}  // namespace likeness
