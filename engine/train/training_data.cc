#include "engine/train/training_data.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr int kPrefetch = 3;
// Cached pixels keep so much more than a view, for crops of them.
constexpr double kCropReserve = 1.34;

absl::StatusOr<std::unique_ptr<const Sampler>> MakeSampler(
    const StreamSpec& spec, const DataSet& data,
    absl::Span<const size_t> samples, uint64_t seed) {
  switch (spec.sampler) {
    case SamplerKind::kClasses:
      return MakeClassBatchSampler(data, samples,
                                   {.classes = spec.classes,
                                    .pictures = spec.pictures,
                                    .weight = spec.weight,
                                    .always_group = spec.always_group,
                                    .rotated_classes = spec.rotated_classes},
                                   seed);
    case SamplerKind::kInstances:
      return MakeInstanceSampler(
          data, samples, {.pictures = spec.pictures, .views = spec.views},
          seed);
    case SamplerKind::kPairs:
      return MakePairSampler(data, samples,
                             {.pairs = spec.pictures,
                              .positive_share = spec.positive_share,
                              .weight = spec.weight,
                              .rotated_classes = spec.rotated_classes},
                             seed);
    case SamplerKind::kTriplets:
      return MakeTripletSampler(data, samples,
                                {.triplets = spec.pictures,
                                 .weight = spec.weight,
                                 .rotated_classes = spec.rotated_classes},
                                seed);
  }
  return absl::InternalError("no such sampler");
}

std::string JoinPath(const std::string& root, const std::string& path) {
  return root.empty() || path.starts_with('/') ? path
                                               : absl::StrCat(root, "/", path);
}

}  // namespace

absl::Status TrainingData::ReadSets(const std::string& root) {
  for (const DataSpec& spec : recipe_.data) {
    absl::StatusOr<DataSet> set = ReadDataSet(JoinPath(root, spec.path));
    if (!set.ok()) return WithContext(set.status(), spec.name);
    absl::StatusOr<ClassSplit> split =
        SplitByClass(*set, spec.fractions, spec.seed, spec.unit);
    if (!split.ok()) return WithContext(split.status(), spec.name);
    RETURN_IF_ERROR(CheckSplit(*set));
    sets_.push_back(*std::move(set));
    splits_.push_back(*std::move(split));
  }
  return absl::OkStatus();
}

absl::StatusOr<Stream> TrainingData::MakeStream(const StreamSpec& spec,
                                                uint64_t number) const {
  Stream stream;
  for (size_t i = 0; i < sets_.size(); ++i) {
    if (recipe_.data[i].name == spec.data) stream.data = &sets_[i];
  }
  stream.samples = SamplesOf(*stream.data, Split::kTrain);
  stream.recipe = spec.augment;
  // Streams over one set draw differently.
  Random seeds(recipe_.seed, number);
  auto sampler = MakeSampler(spec, *stream.data, stream.samples, seeds.Next());
  if (!sampler.ok()) {
    return WithContext(sampler.status(), absl::StrCat("stream ", spec.name));
  }
  stream.sampler = *std::move(sampler);
  return stream;
}

absl::StatusOr<std::unique_ptr<TrainingData>> TrainingData::Make(
    const Recipe& recipe, const TrainingDataOptions& options) {
  std::unique_ptr<TrainingData> data(new TrainingData(recipe));
  RETURN_IF_ERROR(data->ReadSets(options.root));
  std::vector<Stream> streams;
  for (size_t i = 0; i < recipe.streams.size(); ++i) {
    ASSIGN_OR_RETURN(Stream stream, data->MakeStream(recipe.streams[i], i));
    data->samplers_.push_back(stream.sampler);
    streams.push_back(std::move(stream));
  }
  const int side = recipe.network.train_side;
  data->cache_ = std::make_unique<PixelCache>(
      PixelCacheOptions{.max_bytes = options.cache_bytes,
                        .min_side = static_cast<int>(side * kCropReserve),
                        .limits = {}});
  ASSIGN_OR_RETURN(data->loader_,
                   BatchLoader::Make(std::move(streams), *data->cache_,
                                     {.seed = recipe.seed,
                                      .side = side,
                                      .fit = recipe.network.fit,
                                      .workers = options.threads,
                                      .prefetch = kPrefetch}));
  return data;
}

std::vector<std::string> TrainingData::Balance(int64_t steps) const {
  std::vector<std::string> lines;
  lines.reserve(samplers_.size());
  for (size_t i = 0; i < samplers_.size(); ++i) {
    size_t classes = 0;
    for (const DataSet& set : sets_) {
      classes = std::max(classes, set.classes.size());
    }
    lines.push_back(absl::StrCat(
        recipe_.streams[i].name, ": ",
        BalanceText(MeasureBalance(*samplers_[i], classes, 0, steps))));
  }
  return lines;
}

std::vector<DataSummary> TrainingData::Summaries() const {
  std::vector<DataSummary> summaries;
  summaries.reserve(sets_.size());
  for (size_t i = 0; i < sets_.size(); ++i) {
    summaries.push_back(
        {.name = recipe_.data[i].name,
         .licence = recipe_.data[i].licence,
         .classes = sets_[i].classes.size(),
         .training_classes = splits_[i].train.size(),
         .training_pictures = SamplesOf(sets_[i], Split::kTrain).size()});
  }
  return summaries;
}

std::vector<std::string> TrainingData::TrainingPaths(size_t limit) const {
  std::vector<std::string> paths;
  for (size_t i = 0; i < sets_.size(); ++i) {
    const bool drawn_from =
        std::any_of(recipe_.streams.begin(), recipe_.streams.end(),
                    [&](const StreamSpec& stream) {
                      return stream.data == recipe_.data[i].name;
                    });
    if (!drawn_from) continue;
    for (const size_t sample : SamplesOf(sets_[i], Split::kTrain)) {
      paths.push_back(sets_[i].samples[sample].path);
    }
  }
  if (paths.size() <= limit) return paths;
  std::vector<std::string> chosen;
  chosen.reserve(limit);
  for (size_t i = 0; i < limit; ++i) {
    chosen.push_back(paths[i * paths.size() / limit]);
  }
  return chosen;
}

}  // namespace likeness
