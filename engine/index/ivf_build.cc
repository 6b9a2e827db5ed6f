#include "engine/index/ivf_build.h"

#include <faiss/Clustering.h>
#include <faiss/Index.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <new>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "engine/core/index_options.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"
#include "engine/index/ivf_centroids.h"

namespace likeness {
namespace {

constexpr size_t kBlock = 256;  // Rows that a thread takes at a time.
constexpr size_t kSampleOfList = 32;
constexpr int kRounds = 10;
constexpr uint64_t kSampleSeed = 790;

// Rows that centroids are trained with.
size_t SampleOf(size_t rows, size_t lists) {
  return std::min(rows, kSampleOfList * lists);
}

absl::Status Cancelled() {
  return absl::CancelledError("the build was cancelled");
}

// Sets nearest[i] to the centroid of rows[i]. False when cancelled.
bool AssignRows(const IvfCentroids& centroids, const IvfBuildJob& job,
                absl::Span<const float* const> rows, uint32_t* nearest) {
  std::atomic<bool> cancelled = false;
  const size_t blocks = (rows.size() + kBlock - 1) / kBlock;
  ParallelFor(blocks, job.threads, [&](size_t block) {
    std::vector<float> likeness(centroids.count());
    const size_t begin = block * kBlock;
    const size_t end = std::min(begin + kBlock, rows.size());
    for (size_t i = begin; i < end && !cancelled; ++i) {
      if (job.pace && !job.pace()) cancelled = true;
      nearest[i] = centroids.Nearest(rows[i], absl::MakeSpan(likeness));
    }
  });
  return !cancelled;
}

// Thrown through FAISS, which knows no other way to stop.
class CancelledInside final : public std::exception {};

// What FAISS's k-means asks for the nearest centroid of each point.
class Assigner final : public faiss::Index {
 public:
  explicit Assigner(const IvfBuildJob& job)
      : faiss::Index(static_cast<int64_t>(job.dimensions),
                     faiss::METRIC_INNER_PRODUCT),
        job_(job) {}

  void add(int64_t count, const float* centroids) override {
    const size_t floats = static_cast<size_t>(count) * job_.dimensions;
    codes_ = IvfCentroids::CodesOf({centroids, floats}, job_.dimensions);
    ntotal = count;
  }

  void reset() override { ntotal = 0; }

  void search(int64_t count, const float* points, int64_t /*k*/,
              float* distances, int64_t* labels,
              const faiss::SearchParameters* /*params*/) const override {
    const IvfCentroids centroids(codes_, job_.dimensions);
    const auto points_count = static_cast<size_t>(count);
    std::vector<const float*> rows(points_count);
    for (size_t i = 0; i < points_count; ++i) {
      rows[i] = points + i * job_.dimensions;
    }
    std::vector<uint32_t> nearest(points_count);
    if (!AssignRows(centroids, job_, rows, nearest.data())) {
      throw CancelledInside();
    }
    std::copy(nearest.begin(), nearest.end(), labels);
    // Only for FAISS's own statistics.
    std::fill_n(distances, points_count, 0.0F);
  }

  std::vector<int8_t> TakeCodes() { return std::move(codes_); }

 private:
  const IvfBuildJob& job_;
  std::vector<int8_t> codes_;
};

// Holds OpenMP's threads of this thread's calls down to `threads`.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads) : before_(omp_get_max_threads()) {
    omp_set_num_threads(threads);
  }
  ~ThreadLimit() { omp_set_num_threads(before_); }
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  const int before_;
};

class Builder {
 public:
  explicit Builder(const IvfBuildJob& job) : job_(job) {
    for (size_t i = 0; i < job.count; ++i) {
      if (job.left_out != nullptr && job.left_out->Test(i)) continue;
      nodes_.push_back(static_cast<uint32_t>(i));
    }
  }

  absl::StatusOr<IvfArrays> Run() {
    IvfArrays arrays;
    arrays.centroids = Train();
    std::vector<const float*> rows;
    rows.reserve(nodes_.size());
    for (const uint32_t node : nodes_) rows.push_back(Row(node));
    std::vector<uint32_t> lists(nodes_.size());
    const IvfCentroids centroids(arrays.centroids, job_.dimensions);
    if (!AssignRows(centroids, job_, rows, lists.data())) return Cancelled();
    SortInto(arrays, lists);
    return arrays;
  }

 private:
  const float* Row(uint32_t row) const {
    return job_.rows + size_t{row} * job_.dimensions;
  }

  // Each node as likely as any other (Knuth, The Art of Computer Programming,
  // volume 2, 3.4.2, algorithm S).
  std::vector<float> Sample(size_t wanted) const {
    Random random(kSampleSeed);
    std::vector<float> points;
    points.reserve(wanted * job_.dimensions);
    for (size_t i = 0; wanted > 0; ++i) {
      if (random.Below(nodes_.size() - i) >= wanted) continue;
      points.insert(points.end(), Row(nodes_[i]),
                    Row(nodes_[i]) + job_.dimensions);
      --wanted;
    }
    return points;
  }

  std::vector<int8_t> Train() const {
    const size_t count = SampleOf(nodes_.size(), job_.lists);
    const std::vector<float> points = Sample(count);
    faiss::ClusteringParameters params;
    params.niter = kRounds;
    params.spherical = true;
    // The sample is what it is: no complaints, and no sample of it.
    params.min_points_per_centroid = 1;
    params.max_points_per_centroid = kSampleOfList;
    faiss::Clustering clustering(static_cast<int>(job_.dimensions),
                                 static_cast<int>(job_.lists), params);
    Assigner assigner(job_);
    const ThreadLimit limit(job_.threads);
    clustering.train(static_cast<int64_t>(count), points.data(), assigner);
    return assigner.TakeCodes();
  }

  void SortInto(IvfArrays& arrays, const std::vector<uint32_t>& lists) const {
    arrays.sizes.resize(job_.lists);
    for (const uint32_t list : lists) ++arrays.sizes[list];
    std::vector<uint32_t> ends(job_.lists);
    uint32_t end = 0;
    for (size_t list = 0; list < job_.lists; ++list) {
      ends[list] = std::exchange(end, end + arrays.sizes[list]);
    }
    arrays.rows.resize(nodes_.size());
    for (size_t i = 0; i < nodes_.size(); ++i) {
      arrays.rows[ends[lists[i]]++] = nodes_[i];
    }
  }

  const IvfBuildJob& job_;
  std::vector<uint32_t> nodes_;  // Rows that get an entry.
};

}  // namespace

size_t ListsFor(size_t rows) {
  const double lists = std::nearbyint(4 * std::sqrt(static_cast<double>(rows)));
  return std::min(
      {static_cast<size_t>(lists), rows, static_cast<size_t>(kMaxIvfLists)});
}

size_t ListsOf(size_t asked, size_t rows) {
  return asked == 0 ? ListsFor(rows) : std::min(asked, rows);
}

size_t IvfBuildSteps(size_t rows, size_t lists) {
  return kRounds * SampleOf(rows, lists) + rows;
}

absl::StatusOr<IvfArrays> BuildIvf(const IvfBuildJob& job) {
  try {
    return Builder(job).Run();
  } catch (const CancelledInside&) {
    return Cancelled();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("no memory to build an index");
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("FAISS: ", error.what()));
  }
}

}  // namespace likeness
