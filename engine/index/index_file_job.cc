#include "engine/index/index_file_job.h"

#include <utility>
#include <vector>

#include "engine/core/status_macros.h"
#include "engine/index/tuning.h"
#include "engine/index/vector_code.h"

namespace likeness {
namespace {

constexpr int kTuneQueries = 200;
constexpr uint64_t kTuneSeed = 1;

// Calls encode(row, place) for each row that has one.
template <typename Encode>
void ForEachPlace(size_t rows, absl::Span<const uint32_t> places,
                  const Encode& encode) {
  for (size_t i = 0; i < rows; ++i) {
    const size_t place = places.empty() ? i : places[i];
    if (place != kNoPlace) encode(i, place);
  }
}

}  // namespace

IndexFileJob::IndexFileJob(const IndexRows& source,
                           const IndexBuildParams& build_params,
                           const BuildPace& build_pace)
    : params(build_params),
      pace(build_pace),
      count(source.count),
      width(static_cast<size_t>(source.dimensions)) {
  info.kind = static_cast<uint32_t>(params.kind);
  info.code = static_cast<uint32_t>(params.code);
  info.rows = source.count;
  info.dimensions = static_cast<uint32_t>(source.dimensions);
}

absl::Status IndexFileJob::CheckPace() const {
  if (!pace || pace()) return absl::OkStatus();
  return absl::CancelledError("the build was cancelled");
}

absl::StatusOr<MemoryRegion> EncodeRows(IndexFileJob& job, size_t codes,
                                        absl::Span<const uint32_t> places) {
  const absl::Span<const float> rows(job.Row(0), job.count * job.width);
  const auto row = [&](size_t i) {
    return rows.subspan(i * job.width, job.width);
  };
  MemoryRegion region;
  if (job.params.code == VectorCode::kInt8) {
    job.info.code_step = Int8Step(rows);
    const size_t width = Int8CodeWidth(job.width);
    ASSIGN_OR_RETURN(region, MemoryRegion::Allocate(codes * width));
    auto* out = reinterpret_cast<int8_t*>(region.data());
    ForEachPlace(job.count, places, [&](size_t i, size_t place) {
      EncodeInt8(row(i), job.info.code_step, {out + place * width, width});
    });
  } else if (job.params.code == VectorCode::kBfloat16) {
    const size_t width = Bfloat16CodeWidth(job.width);
    ASSIGN_OR_RETURN(region,
                     MemoryRegion::Allocate(codes * width * sizeof(uint16_t)));
    auto* out = reinterpret_cast<uint16_t*>(region.data());
    ForEachPlace(job.count, places, [&](size_t i, size_t place) {
      EncodeBfloat16(row(i), {out + place * width, width});
    });
  }
  return region;
}

absl::StatusOr<std::vector<float>> TuneQueries(const SealedIndex& index) {
  return SampleQueries(index, kTuneQueries, kTuneSeed);
}

}  // namespace likeness
