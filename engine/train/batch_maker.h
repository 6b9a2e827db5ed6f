// Batches of views on the calling thread.
#ifndef LIKENESS_ENGINE_TRAIN_BATCH_MAKER_H_
#define LIKENESS_ENGINE_TRAIN_BATCH_MAKER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/augment/view_recipe.h"
#include "engine/core/random.h"
#include "engine/dataset/dataset.h"
#include "engine/dataset/pixel_cache.h"
#include "engine/image/image.h"
#include "engine/image/prepare.h"
#include "engine/train/sampler.h"

namespace likeness {

// One source of pictures; the batches of several are put one behind the other.
struct Stream {
  const DataSet* data = nullptr;  // Outlives what is made of it.
  std::vector<size_t> samples;    // Those that may be used, of one split.
  std::shared_ptr<const Sampler> sampler;  // Over these samples.
  ViewRecipe recipe;
};

// Columns of equal length, a row a view.
struct LoadedBatch {
  int64_t step = 0;
  std::vector<Image> views;  // side x side pixels.
  // The classes of all streams' samples, numbered from 0 without gaps, and
  // after them those that quarter turns make; -1 where the sampler gives none.
  std::vector<int> labels;
  // The same number for views of the same picture, unique over all data sets.
  std::vector<int64_t> instances;
  std::vector<int> streams;     // Which stream it comes from.
  std::vector<size_t> samples;  // Which of its DataSet::samples it shows.
  int replaced = 0;  // Pictures that stand in for others that are broken.
};

struct BrokenPicture {
  std::string path;
  absl::Status status;
  int64_t times = 0;  // How often it was met.
};

// Makes the batch of any step. Thread-safe, and a function of (seed, step) as
// long as the files stay as they are.
class BatchMaker {
 public:
  // INVALID_ARGUMENT for no streams, a stream without samples or sampler, and a
  // recipe that Validate refuses ("streams[0].recipe....").
  static absl::StatusOr<BatchMaker> Make(std::vector<Stream> streams,
                                         PixelCache& cache, uint64_t seed,
                                         int side, Fit fit);

  // A picture that can't be read is replaced by the next one of its class in
  // the stream (the next of all where the sampler gives no class), and kept in
  // broken(). Error of the picture when there is no other that can be read.
  // CANCELLED as soon as `cancelled`, asked before each view, says so.
  absl::StatusOr<LoadedBatch> Load(
      int64_t step, const std::function<bool()>& cancelled) const;

  int num_classes() const { return num_classes_; }
  std::vector<BrokenPicture> broken() const;

 private:
  // What a stream's samples are turned into.
  struct Numbers {
    std::map<int, int> labels;  // Of the data set to the batch's.
    int64_t first_instance = 0;
    // Samples by label, ascending; by -1 all of them.
    std::map<int, std::vector<size_t>> rings;
  };
  // Shared by the threads; behind a pointer so that the maker can be moved.
  struct Broken {
    absl::Mutex mutex;
    std::map<std::string, BrokenPicture> by_path ABSL_GUARDED_BY(mutex);
  };
  struct Picture {
    size_t sample;
    std::shared_ptr<const Image> image;
  };

  BatchMaker(std::vector<Stream> streams, PixelCache& cache);

  void NumberClasses();
  absl::StatusOr<Picture> Read(size_t stream, const BatchItem& item) const;
  absl::StatusOr<std::vector<std::shared_ptr<const Image>>> ReadOthers(
      size_t stream, Random& random) const;
  absl::Status AddView(size_t stream, const BatchItem& item,
                       LoadedBatch& batch) const;

  std::vector<Stream> streams_;
  std::vector<Numbers> numbers_;  // A stream each.
  PixelCache* cache_;
  uint64_t seed_ = 0;
  int side_ = 0;
  Fit fit_ = Fit::kStretch;
  int num_classes_ = 0;        // The turned ones among them.
  int num_upright_ = 0;        // Classes of the data sets.
  int64_t num_instances_ = 0;  // Upright ones.
  std::unique_ptr<Broken> broken_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_BATCH_MAKER_H_
