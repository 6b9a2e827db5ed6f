// The pictures of a training. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_TRAINING_DATA_H_
#define LIKENESS_ENGINE_TRAIN_TRAINING_DATA_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/dataset/dataset.h"
#include "engine/dataset/pixel_cache.h"
#include "engine/dataset/split.h"
#include "engine/train/batch_loader.h"
#include "engine/train/recipe.h"

namespace likeness {

// What a bundle's card says of a data set.
struct DataSummary {
  std::string name;
  std::string licence;
  size_t classes = 0;
  size_t training_classes = 0;
  size_t training_pictures = 0;
};

struct TrainingDataOptions {
  std::string root;  // Folder that the recipe's paths are below.
  int threads = 1;
  uint64_t cache_bytes = uint64_t{2} << 30;
};

// The recipe's data sets, split, and batches of views from their training
// classes. Not thread-safe.
class TrainingData {
 public:
  // Borrows `recipe`. Errors are ReadDataSet's, SplitByClass's and the
  // samplers', with the set's or stream's name before them.
  static absl::StatusOr<std::unique_ptr<TrainingData>> Make(
      const Recipe& recipe, const TrainingDataOptions& options);

  // The batch of `step`, counted from 0; those after it are made ahead.
  absl::StatusOr<LoadedBatch> Load(int64_t step) { return loader_->Load(step); }

  // What each stream draws in the first `steps` steps, a line each.
  std::vector<std::string> Balance(int64_t steps) const;

  // Pictures that could not be read, and were replaced by others.
  std::vector<BrokenPicture> broken() const { return loader_->broken(); }

  // Over all streams; a batch's labels are below it.
  int num_classes() const { return loader_->num_classes(); }

  const std::vector<DataSet>& sets() const { return sets_; }  // As the recipe.
  const std::vector<ClassSplit>& splits() const { return splits_; }
  std::vector<DataSummary> Summaries() const;

  // The pictures that streams draw from, at most `limit` of them, evenly
  // chosen.
  std::vector<std::string> TrainingPaths(size_t limit) const;

 private:
  explicit TrainingData(const Recipe& recipe) : recipe_(recipe) {}

  absl::Status ReadSets(const std::string& root);
  absl::StatusOr<Stream> MakeStream(const StreamSpec& spec,
                                    uint64_t number) const;

  const Recipe& recipe_;
  std::vector<DataSet> sets_;
  std::vector<ClassSplit> splits_;
  std::vector<std::shared_ptr<const Sampler>> samplers_;  // A stream each.
  std::unique_ptr<PixelCache> cache_;
  std::unique_ptr<BatchLoader> loader_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_TRAINING_DATA_H_
