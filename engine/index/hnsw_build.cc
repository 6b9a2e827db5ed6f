#include "engine/index/hnsw_build.h"

#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/impl/DistanceComputer.h>
#include <faiss/impl/HNSW.h>
#include <faiss/utils/distances.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <new>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kBlock = 256;  // Nodes that a thread takes at a time.
constexpr uint64_t kOrderSeed = 789;

// Smaller is nearer, as FAISS wants it.
class RowDistance final : public faiss::DistanceComputer {
 public:
  RowDistance(const float* rows, size_t dimensions)
      : rows_(rows), dimensions_(dimensions) {}

  void set_query(const float* query) override { query_ = query; }
  float operator()(int64_t row) override {
    return -faiss::fvec_inner_product(query_, Row(row), dimensions_);
  }
  float symmetric_dis(int64_t a, int64_t b) override {
    return -faiss::fvec_inner_product(Row(a), Row(b), dimensions_);
  }

  const float* Row(int64_t row) const {
    return rows_ + static_cast<size_t>(row) * dimensions_;
  }

 private:
  const float* const rows_;
  const size_t dimensions_;
  const float* query_ = nullptr;
};

class NodeLocks {
 public:
  explicit NodeLocks(size_t count) : locks_(count) {
    for (omp_lock_t& lock : locks_) omp_init_lock(&lock);
  }
  ~NodeLocks() {
    for (omp_lock_t& lock : locks_) omp_destroy_lock(&lock);
  }
  NodeLocks(const NodeLocks&) = delete;
  NodeLocks& operator=(const NodeLocks&) = delete;

  std::vector<omp_lock_t>& get() { return locks_; }

 private:
  std::vector<omp_lock_t> locks_;
};

class Builder {
 public:
  explicit Builder(const HnswBuildJob& job)
      : job_(job), hnsw_(job.m), locks_(job.count) {
    hnsw_.efConstruction = job.ef_construction;
    hnsw_.prepare_level_tab(job.count);
  }

  absl::StatusOr<HnswArrays> Run() {
    std::vector<std::vector<int>> by_level = NodesByLevel();
    for (size_t level = by_level.size(); level-- > 0;) {
      std::vector<int>& nodes = by_level[level];
      // The first node of all has nothing to be joined with and no rival.
      const size_t first =
          std::min<size_t>(nodes.size(), hnsw_.entry_point < 0 ? 1 : 0);
      Insert(static_cast<int>(level), nodes.data(), first);
      const size_t blocks = (nodes.size() - first + kBlock - 1) / kBlock;
      ParallelFor(blocks, job_.threads, [&](size_t block) {
        const size_t begin = first + block * kBlock;
        Insert(static_cast<int>(level), nodes.data() + begin,
               std::min(kBlock, nodes.size() - begin));
      });
      RETURN_IF_ERROR(status());
    }
    return ExportHnsw(hnsw_, job_.count, job_.left_out);
  }

 private:
  // In a random order, to get rid of the rows' own.
  std::vector<std::vector<int>> NodesByLevel() const {
    std::vector<std::vector<int>> nodes;
    for (size_t i = 0; i < job_.count; ++i) {
      if (job_.left_out != nullptr && job_.left_out->Test(i)) continue;
      const auto level = static_cast<size_t>(hnsw_.levels[i] - 1);
      if (nodes.size() <= level) nodes.resize(level + 1);
      nodes[level].push_back(static_cast<int>(i));
    }
    for (size_t level = 0; level < nodes.size(); ++level) {
      Random(kOrderSeed, level).Shuffle(nodes[level]);
    }
    return nodes;
  }

  void Insert(int level, const int* nodes, size_t count) {
    if (stopped_ || count == 0) return;
    try {
      faiss::VisitedTable visited(static_cast<int>(job_.count));
      RowDistance distance(job_.rows, job_.dimensions);
      for (size_t i = 0; i < count && !stopped_; ++i) {
        if (job_.pace && !job_.pace()) {
          return Stop(absl::CancelledError("the build was cancelled"));
        }
        distance.set_query(distance.Row(nodes[i]));
        hnsw_.add_with_locks(distance, level, nodes[i], locks_.get(), visited);
      }
    } catch (const std::bad_alloc&) {
      Stop(absl::ResourceExhaustedError("no memory to build an index"));
    } catch (const std::exception& error) {
      Stop(absl::InternalError(absl::StrCat("FAISS: ", error.what())));
    }
  }

  void Stop(const absl::Status& why) {
    const absl::MutexLock lock(&mutex_);
    status_.Update(why);
    stopped_ = true;
  }

  absl::Status status() {
    const absl::MutexLock lock(&mutex_);
    return status_;
  }

  const HnswBuildJob& job_;
  faiss::HNSW hnsw_;
  NodeLocks locks_;
  std::atomic<bool> stopped_ = false;
  absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

// The nodes of one level above 0, and where they stand in it.
struct LevelSlots {
  std::vector<uint32_t> nodes;
  std::vector<uint32_t> slot_of;  // By node; kNoLink: not on this level.
};

LevelSlots SlotsOf(const faiss::HNSW& hnsw, size_t count, int level,
                   const Bitmap* left_out) {
  LevelSlots slots;
  slots.slot_of.assign(count, kNoLink);
  for (size_t i = 0; i < count; ++i) {
    if (left_out != nullptr && left_out->Test(i)) continue;
    if (hnsw.levels[i] <= level) continue;
    slots.slot_of[i] = static_cast<uint32_t>(slots.nodes.size());
    slots.nodes.push_back(static_cast<uint32_t>(i));
  }
  return slots;
}

// Appends the links of `node` on `level`, each turned by `number_of`.
template <typename NumberOf>
void AppendLinks(const faiss::HNSW& hnsw, size_t node, int level,
                 std::vector<uint32_t>& out, NumberOf number_of) {
  size_t begin = 0;
  size_t end = 0;
  hnsw.neighbor_range(static_cast<int64_t>(node), level, &begin, &end);
  const size_t full = out.size() + (end - begin);
  for (size_t i = begin; i < end && hnsw.neighbors[i] >= 0; ++i) {
    out.push_back(number_of(static_cast<uint32_t>(hnsw.neighbors[i])));
  }
  out.resize(full, kNoLink);
}

}  // namespace

absl::StatusOr<HnswArrays> BuildHnsw(const HnswBuildJob& job) {
  try {
    return Builder(job).Run();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("no memory to build an index");
  }
}

HnswArrays ExportHnsw(const faiss::HNSW& hnsw, size_t nodes,
                      const Bitmap* left_out) {
  HnswArrays arrays;
  arrays.links.reserve(nodes * static_cast<size_t>(hnsw.nb_neighbors(0)));
  for (size_t node = 0; node < nodes; ++node) {
    AppendLinks(hnsw, node, 0, arrays.links,
                [](uint32_t link) { return link; });
  }
  arrays.levels.push_back(static_cast<uint32_t>(hnsw.max_level));
  arrays.entry = static_cast<uint32_t>(hnsw.entry_point);
  LevelSlots below;
  for (int level = 1; level <= hnsw.max_level; ++level) {
    LevelSlots slots = SlotsOf(hnsw, nodes, level, left_out);
    arrays.levels.push_back(static_cast<uint32_t>(slots.nodes.size()));
    arrays.levels.insert(arrays.levels.end(), slots.nodes.begin(),
                         slots.nodes.end());
    for (const uint32_t node : slots.nodes) {
      arrays.levels.push_back(level == 1 ? node : below.slot_of[node]);
    }
    for (const uint32_t node : slots.nodes) {
      AppendLinks(hnsw, node, level, arrays.levels,
                  [&](uint32_t link) { return slots.slot_of[link]; });
    }
    if (level == hnsw.max_level) arrays.entry = slots.slot_of[arrays.entry];
    below = std::move(slots);
  }
  return arrays;
}

}  // namespace likeness
