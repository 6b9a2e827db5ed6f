#include "engine/index/index_file_job.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/core/status_macros.h"
#include "engine/index/tuning.h"
#include "engine/index/vector_code.h"

namespace likeness {
namespace {

constexpr int kTuneQueries = 200;
constexpr uint64_t kTuneSeed = 1;
constexpr size_t kEncodedAtOnce = 4096;

// Calls visit(row, vector) for each row.
template <typename Visit>
absl::Status ForEachRow(const IndexFileJob& job, const Visit& visit) {
  for (size_t i = 0; i < job.count; ++i) {
    if (i % kEncodedAtOnce == 0) RETURN_IF_ERROR(job.CheckPace());
    visit(i, absl::Span<const float>(job.Row(i), job.width));
  }
  return absl::OkStatus();
}

// Calls encode(vector, place) for each row that has one.
template <typename Encode>
absl::Status ForEachPlace(const IndexFileJob& job,
                          absl::Span<const uint32_t> places,
                          const Encode& encode) {
  return ForEachRow(job, [&](size_t row, absl::Span<const float> vector) {
    const size_t place = places.empty() ? row : places[row];
    if (place != kNoPlace) encode(vector, place);
  });
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
  MemoryRegion region;
  if (job.params.code == VectorCode::kInt8) {
    float& step = job.info.code_step;
    RETURN_IF_ERROR(ForEachRow(
        job, [&step](size_t /*row*/, absl::Span<const float> vector) {
          step = std::max(step, Int8Step(vector));
        }));
    const size_t width = Int8CodeWidth(job.width);
    ASSIGN_OR_RETURN(region, MemoryRegion::Allocate(codes * width));
    auto* out = reinterpret_cast<int8_t*>(region.data());
    RETURN_IF_ERROR(ForEachPlace(
        job, places, [&](absl::Span<const float> vector, size_t place) {
          EncodeInt8(vector, step, {out + place * width, width});
        }));
  } else if (job.params.code != VectorCode::kFloat32) {
    const auto encode = job.params.code == VectorCode::kFloat16
                            ? EncodeFloat16
                            : EncodeBfloat16;
    const size_t width = TwoByteCodeWidth(job.width);
    ASSIGN_OR_RETURN(region,
                     MemoryRegion::Allocate(codes * width * sizeof(uint16_t)));
    auto* out = reinterpret_cast<uint16_t*>(region.data());
    RETURN_IF_ERROR(ForEachPlace(
        job, places, [&](absl::Span<const float> vector, size_t place) {
          encode(vector, {out + place * width, width});
        }));
  }
  return region;
}

absl::StatusOr<std::vector<float>> TuneQueries(const SealedIndex& index) {
  return SampleQueries(index, kTuneQueries, kTuneSeed);
}

}  // namespace likeness
