#include <utility>
#include <vector>

#include "engine/core/status_macros.h"
#include "engine/index/hnsw_build.h"
#include "engine/index/hnsw_graph.h"
#include "engine/index/index_file_job.h"
#include "engine/index/reach.h"
#include "engine/index/sealed_hnsw.h"
#include "engine/index/tuning.h"
#include "engine/index/twins.h"

namespace likeness {
namespace {

// How many candidates of a walk come upon how much of the nearest.
absl::StatusOr<ReachTable> MeasureReach(const IndexFileJob& job,
                                        const SealedHnsw& index,
                                        absl::Span<const float> queries,
                                        const Bitmap& twins) {
  ASSIGN_OR_RETURN(const auto nearest, FindNearest({.index = index,
                                                    .queries = queries,
                                                    .left_out = twins,
                                                    .pace = job.pace}));
  std::vector<std::vector<uint32_t>> efforts;
  for (size_t i = 0; i < nearest.size(); ++i) {
    RETURN_IF_ERROR(job.CheckPace());
    efforts.push_back(
        index.EffortsToReach(&queries[i * job.width], nearest[i]));
  }
  return TabulateReach(efforts, index.size(), kLeastReach, kMostReach);
}

}  // namespace

absl::Status AppendGraph(IndexFileJob& job, IndexFileWriter& file) {
  ASSIGN_OR_RETURN(Twins twins,
                   Twins::Find(job.Row(0), job.count, job.width, job.pace));
  ASSIGN_OR_RETURN(
      const HnswArrays arrays,
      BuildHnsw({.rows = job.Row(0),
                 .count = job.count,
                 .dimensions = job.width,
                 .m = job.params.m,
                 .ef_construction = job.params.ef_construction,
                 .threads = job.params.threads,
                 .left_out = twins.empty() ? nullptr : &twins.later(),
                 .pace = job.pace}));
  job.info.m = static_cast<uint32_t>(job.params.m);
  job.info.ef_construction = static_cast<uint32_t>(job.params.ef_construction);
  job.info.entry = arrays.entry;
  const auto links = absl::MakeConstSpan(arrays.links);
  const auto levels = absl::MakeConstSpan(arrays.levels);
  ASSIGN_OR_RETURN(MemoryRegion codes, EncodeRows(job, job.count, {}));
  RETURN_IF_ERROR(file.Append(IndexSection::kCodes, codes.bytes()));
  RETURN_IF_ERROR(file.Append(IndexSection::kLinks, BytesOf(links)));
  RETURN_IF_ERROR(file.Append(IndexSection::kLevels, BytesOf(levels)));
  RETURN_IF_ERROR(file.Append(IndexSection::kTwins, BytesOf(twins.stored())));
  ASSIGN_OR_RETURN(HnswGraph graph,
                   ViewHnswGraph(job.count, static_cast<size_t>(job.params.m),
                                 arrays.entry, links, levels));
  const Bitmap later = twins.later();  // Moves away with them.
  // What was written is searched here as it will be when the file is open.
  const auto index = MakeSealedHnsw(
      {.rows = SealedRows(std::move(job.rows), job.width, job.info.max_norm,
                          /*mapped=*/false),
       .built = job.params,
       .codes = std::move(codes),
       .links = {},
       .levels = {},
       .graph = std::move(graph),
       .twins = std::move(twins),
       .tuning = {},
       .reach = {}});
  ASSIGN_OR_RETURN(const std::vector<float> queries, TuneQueries(*index));
  TuneOptions options;
  options.pace = job.pace;
  ASSIGN_OR_RETURN(const TuningTable table,
                   TuneIndex(*index, queries, options));
  RETURN_IF_ERROR(file.Append(IndexSection::kTuning,
                              BytesOf(absl::MakeConstSpan(table.points()))));
  ASSIGN_OR_RETURN(const ReachTable reach,
                   MeasureReach(job, *index, queries, later));
  return file.Append(IndexSection::kReach,
                     BytesOf(absl::MakeConstSpan(reach.points())));
}

}  // namespace likeness
