#include <algorithm>
#include <utility>
#include <vector>

#include "engine/core/status_macros.h"
#include "engine/index/index_file_job.h"
#include "engine/index/ivf_build.h"
#include "engine/index/ivf_centroids.h"
#include "engine/index/ivf_lists.h"
#include "engine/index/list_tuning.h"
#include "engine/index/sealed_ivf.h"
#include "engine/index/twins.h"

namespace likeness {
namespace {

// The numbers that IvfLists::View shows.
std::vector<uint32_t> NumbersOf(const IvfArrays& arrays) {
  std::vector<uint32_t> numbers;
  numbers.reserve(1 + arrays.sizes.size() + arrays.rows.size());
  numbers.push_back(static_cast<uint32_t>(arrays.sizes.size()));
  numbers.insert(numbers.end(), arrays.sizes.begin(), arrays.sizes.end());
  numbers.insert(numbers.end(), arrays.rows.begin(), arrays.rows.end());
  return numbers;
}

// The entry of each row.
std::vector<uint32_t> PlacesOf(const IvfArrays& arrays, size_t rows) {
  std::vector<uint32_t> places(rows, kNoPlace);
  for (size_t entry = 0; entry < arrays.rows.size(); ++entry) {
    places[arrays.rows[entry]] = static_cast<uint32_t>(entry);
  }
  return places;
}

// The list of each row that has an entry.
std::vector<uint32_t> ListsOfRows(const IvfArrays& arrays, size_t rows) {
  std::vector<uint32_t> list_of(rows);
  size_t entry = 0;
  for (uint32_t list = 0; list < arrays.sizes.size(); ++list) {
    for (uint32_t i = 0; i < arrays.sizes[list]; ++i) {
      list_of[arrays.rows[entry++]] = list;
    }
  }
  return list_of;
}

}  // namespace

absl::Status AppendLists(IndexFileJob& job, IndexFileWriter& file) {
  ASSIGN_OR_RETURN(Twins twins,
                   Twins::Find(job.Row(0), job.count, job.width, job.pace));
  const size_t entries = job.count - twins.count();
  ASSIGN_OR_RETURN(
      const IvfArrays arrays,
      BuildIvf(
          {.rows = job.Row(0),
           .count = job.count,
           .dimensions = job.width,
           .lists = ListsOf(static_cast<size_t>(job.params.lists), entries),
           .threads = job.params.threads,
           .left_out = twins.empty() ? nullptr : &twins.later(),
           .pace = job.pace}));
  job.info.m = static_cast<uint32_t>(job.params.lists);
  const std::vector<uint32_t> numbers = NumbersOf(arrays);
  const auto centroids = absl::MakeConstSpan(arrays.centroids);
  ASSIGN_OR_RETURN(MemoryRegion codes,
                   EncodeRows(job, entries, PlacesOf(arrays, job.count)));
  RETURN_IF_ERROR(file.Append(IndexSection::kCodes, codes.bytes()));
  RETURN_IF_ERROR(
      file.Append(IndexSection::kLists, BytesOf(absl::MakeConstSpan(numbers))));
  RETURN_IF_ERROR(file.Append(IndexSection::kCentroids, BytesOf(centroids)));
  RETURN_IF_ERROR(file.Append(IndexSection::kTwins, BytesOf(twins.stored())));
  const auto list_of = ListsOfRows(arrays, job.count);
  const Bitmap later = twins.later();  // Moves away with them.
  ASSIGN_OR_RETURN(IvfLists lists, IvfLists::View(job.count, numbers));
  const auto index = MakeSealedIvf(
      {.rows = SealedRows(std::move(job.rows), job.width, job.info.max_norm,
                          /*mapped=*/true),
       .built = job.params,
       .codes = std::move(codes),
       .numbers = {},
       .centroid_codes = {},
       .lists = std::move(lists),
       .centroids = IvfCentroids(centroids, job.width),
       .twins = std::move(twins),
       .tuning = {}});
  ASSIGN_OR_RETURN(const std::vector<float> queries, TuneQueries(*index));
  ASSIGN_OR_RETURN(const ReachTable tuning,
                   TuneLists({.index = *index,
                              .queries = queries,
                              .left_out = later,
                              .pace = job.pace},
                             IvfCentroids(centroids, job.width), list_of));
  return file.Append(IndexSection::kTuning,
                     BytesOf(absl::MakeConstSpan(tuning.points())));
}

}  // namespace likeness
