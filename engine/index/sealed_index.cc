#include "engine/index/sealed_index.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/index/index_file.h"
#include "engine/index/index_file_job.h"
#include "engine/index/ivf_build.h"
#include "engine/index/kernels.h"
#include "engine/index/memory_region.h"

namespace likeness {
namespace {

constexpr int kMaxDimensions = 4096;
constexpr size_t kMaxRows = 0x7fffffff;
constexpr size_t kReadRows = 4096;  // At a time.
constexpr int kMaxThreads = 256;

absl::Status CheckRange(absl::string_view name, int64_t value, int64_t least,
                        int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return InvalidField(
      name, absl::StrCat("is ", value, ", must be ", least, " to ", most));
}

// Writes the rows to the file, and leaves those that the rest is made of in
// `job`: in memory for a graph, which reads them here and there again and
// again, mapped for lists.
class RowsWriter {
 public:
  RowsWriter(const IndexRows& rows, IndexFileJob& job, IndexFileWriter& file)
      : source_(rows), job_(job), file_(file) {}

  absl::Status Write() {
    const bool keep = job_.params.kind == IndexKind::kHnsw;
    const size_t kept =
        keep ? source_.count : std::min(kReadRows, source_.count);
    ASSIGN_OR_RETURN(job_.rows,
                     MemoryRegion::Allocate(kept * job_.width * sizeof(float)));
    RETURN_IF_ERROR(file_.Start(IndexSection::kRows));
    for (size_t first = 0; first < source_.count; first += kReadRows) {
      RETURN_IF_ERROR(job_.CheckPace());
      RETURN_IF_ERROR(WriteBlock(first, keep ? first : 0));
    }
    if (job_.params.kind == IndexKind::kIvf) {
      ASSIGN_OR_RETURN(job_.rows, file_.Map(IndexSection::kRows));
    }
    return absl::OkStatus();
  }

 private:
  // Rows from `first` on, by way of rows from `place` on in memory.
  absl::Status WriteBlock(size_t first, size_t place) {
    const size_t count = std::min(kReadRows, source_.count - first);
    float* rows =
        reinterpret_cast<float*>(job_.rows.data()) + place * job_.width;
    const absl::Span<float> block(rows, count * job_.width);
    RETURN_IF_ERROR(source_.read(first, block));
    for (size_t i = 0; i < count; ++i) {
      job_.info.max_norm =
          std::max(job_.info.max_norm, NormOf(rows + i * job_.width));
    }
    return file_.Add({reinterpret_cast<const char*>(block.data()),
                      block.size() * sizeof(float)});
  }

  float NormOf(const float* row) const {
    float square = 0;
    BestKernels().float32(row, &row, 1, job_.width, &square);
    return std::sqrt(square);
  }

  const IndexRows& source_;
  IndexFileJob& job_;
  IndexFileWriter& file_;
};

}  // namespace

bool MakeTheSame(const IndexBuildParams& a, const IndexBuildParams& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case IndexKind::kFlat:
      return true;
    case IndexKind::kHnsw:
      return a.code == b.code && a.m == b.m &&
             a.ef_construction == b.ef_construction;
    case IndexKind::kIvf:
      return a.code == b.code && a.lists == b.lists;
  }
  return false;
}

absl::Status IndexBuildParams::Validate() const {
  if (IndexKindName(kind).empty()) {
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
  RETURN_IF_ERROR(CheckRange("lists", lists, 0, kMaxIvfLists));
  return CheckRange("threads", threads, 1, kMaxThreads);
}

size_t BuildSteps(const IndexBuildParams& params, size_t rows) {
  switch (params.kind) {
    case IndexKind::kFlat:
      return rows / kReadRows;
    case IndexKind::kHnsw:
      return rows;
    case IndexKind::kIvf:
      return IvfBuildSteps(rows,
                           ListsOf(static_cast<size_t>(params.lists), rows));
  }
  return 0;
}

absl::Status BuildIndexFile(const IndexRows& rows,
                            const IndexBuildParams& params,
                            const std::string& path, const BuildPace& pace) {
  RETURN_IF_ERROR(params.Validate());
  RETURN_IF_ERROR(CheckRange("count", static_cast<int64_t>(rows.count), 1,
                             static_cast<int64_t>(kMaxRows)));
  RETURN_IF_ERROR(CheckRange("dimensions", rows.dimensions, 1, kMaxDimensions));
  ASSIGN_OR_RETURN(const auto file, IndexFileWriter::Create(path));
  IndexFileJob job(rows, params, pace);
  RETURN_IF_ERROR(RowsWriter(rows, job, *file).Write());
  if (params.kind == IndexKind::kHnsw) {
    RETURN_IF_ERROR(AppendGraph(job, *file));
  } else if (params.kind == IndexKind::kIvf) {
    RETURN_IF_ERROR(AppendLists(job, *file));
  }
  return file->Commit(job.info);
}

}  // namespace likeness
