#include "engine/train/batch_maker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/augment/geometry_edits.h"
#include "engine/augment/view.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

// Pictures to choose from for covers and collages.
constexpr size_t kOthers = 3;

absl::Status CheckStream(const Stream& stream, size_t index) {
  const std::string field = absl::StrCat("streams[", index, "]");
  if (stream.data == nullptr) return InvalidField(field, "has no data set");
  if (stream.samples.empty()) return InvalidField(field, "has no samples");
  if (stream.sampler == nullptr) return InvalidField(field, "has no sampler");
  return stream.recipe.Validate(absl::StrCat(field, ".recipe"));
}

}  // namespace

BatchMaker::BatchMaker(std::vector<Stream> streams, PixelCache& cache)
    : streams_(std::move(streams)),
      numbers_(streams_.size()),
      cache_(&cache),
      broken_(std::make_unique<Broken>()) {}

absl::StatusOr<BatchMaker> BatchMaker::Make(std::vector<Stream> streams,
                                            PixelCache& cache, uint64_t seed,
                                            int side, Fit fit) {
  if (streams.empty()) return InvalidField("streams", "there are none");
  for (size_t i = 0; i < streams.size(); ++i) {
    RETURN_IF_ERROR(CheckStream(streams[i], i));
    std::sort(streams[i].samples.begin(), streams[i].samples.end());
  }
  BatchMaker maker(std::move(streams), cache);
  maker.seed_ = seed;
  maker.side_ = side;
  maker.fit_ = fit;
  maker.NumberClasses();
  return maker;
}

void BatchMaker::NumberClasses() {
  std::map<const DataSet*, int64_t> first_instances;
  std::map<std::pair<const DataSet*, int>, int> labels;
  bool rotates = false;
  for (size_t i = 0; i < streams_.size(); ++i) {
    const Stream& stream = streams_[i];
    Numbers& numbers = numbers_[i];
    const auto [first, added] =
        first_instances.try_emplace(stream.data, num_instances_);
    if (added) {
      num_instances_ += static_cast<int64_t>(stream.data->samples.size());
    }
    rotates = rotates || stream.sampler->rotates_classes();
    numbers.first_instance = first->second;
    for (const size_t index : stream.samples) {
      const int label = stream.data->samples[index].label;
      numbers.rings[-1].push_back(index);
      if (label < 0) continue;
      numbers.rings[label].push_back(index);
      const auto [number, fresh] =
          labels.try_emplace({stream.data, label}, num_upright_);
      if (fresh) ++num_upright_;
      numbers.labels[label] = number->second;
    }
  }
  num_classes_ = num_upright_ * (rotates ? kQuarterTurns : 1);
}

absl::StatusOr<LoadedBatch> BatchMaker::Load(
    int64_t step, const std::function<bool()>& cancelled) const {
  LoadedBatch batch;
  batch.step = step;
  for (size_t stream = 0; stream < streams_.size(); ++stream) {
    for (const BatchItem& item : streams_[stream].sampler->Draw(step)) {
      if (cancelled()) return absl::CancelledError("not needed any more");
      RETURN_IF_ERROR(AddView(stream, item, batch));
    }
  }
  return batch;
}

absl::Status BatchMaker::AddView(size_t stream, const BatchItem& item,
                                 LoadedBatch& batch) const {
  const Stream& source = streams_[stream];
  const Numbers& numbers = numbers_[stream];
  Random random(MixSeed(seed_, static_cast<uint64_t>(batch.step)),
                batch.views.size());
  ASSIGN_OR_RETURN(Picture picture, Read(stream, item));
  if (item.quarter_turns != 0) {
    ASSIGN_OR_RETURN(Image turned,
                     QuarterTurn(*picture.image, item.quarter_turns));
    picture.image = std::make_shared<const Image>(std::move(turned));
  }
  std::vector<std::shared_ptr<const Image>> others;
  if (source.recipe.UsesOthers()) {
    ASSIGN_OR_RETURN(others, ReadOthers(stream, random));
  }
  ASSIGN_OR_RETURN(Image view, MakeView(*picture.image, others, source.recipe,
                                        side_, fit_, random));
  const bool replaced = picture.sample != item.sample;
  batch.views.push_back(std::move(view));
  batch.labels.push_back(item.label < 0
                             ? -1
                             : numbers.labels.at(item.label) +
                                   item.quarter_turns * num_upright_);
  batch.instances.push_back(
      numbers.first_instance + item.quarter_turns * num_instances_ +
      (replaced ? static_cast<int64_t>(picture.sample) : item.instance));
  batch.streams.push_back(static_cast<int>(stream));
  batch.samples.push_back(picture.sample);
  batch.replaced += replaced ? 1 : 0;
  return absl::OkStatus();
}

absl::StatusOr<BatchMaker::Picture> BatchMaker::Read(
    size_t stream, const BatchItem& item) const {
  const std::vector<size_t>& ring = numbers_[stream].rings.at(item.label);
  const auto place =
      std::lower_bound(ring.begin(), ring.end(), item.sample) - ring.begin();
  absl::Status first_error;
  for (size_t i = 0; i < ring.size(); ++i) {
    const size_t sample = ring[(static_cast<size_t>(place) + i) % ring.size()];
    const std::string& path = streams_[stream].data->samples[sample].path;
    auto image = cache_->Get(path);
    if (image.ok()) return Picture{sample, *std::move(image)};
    if (first_error.ok()) first_error = image.status();
    absl::MutexLock lock(&broken_->mutex);
    BrokenPicture& broken = broken_->by_path[path];
    broken.path = path;
    broken.status = image.status();
    ++broken.times;
  }
  return WithContext(first_error, "no picture in its place");
}

absl::StatusOr<std::vector<std::shared_ptr<const Image>>>
BatchMaker::ReadOthers(size_t stream, Random& random) const {
  const std::vector<size_t>& samples = streams_[stream].samples;
  std::vector<std::shared_ptr<const Image>> others;
  for (size_t i = 0; i < kOthers; ++i) {
    const size_t sample = samples[random.Below(samples.size())];
    ASSIGN_OR_RETURN(Picture picture,
                     Read(stream, {.sample = sample, .label = -1}));
    others.push_back(std::move(picture.image));
  }
  return others;
}

std::vector<BrokenPicture> BatchMaker::broken() const {
  absl::MutexLock lock(&broken_->mutex);
  std::vector<BrokenPicture> broken;
  for (const auto& [path, picture] : broken_->by_path) {
    broken.push_back(picture);
  }
  return broken;
}

}  // namespace likeness
