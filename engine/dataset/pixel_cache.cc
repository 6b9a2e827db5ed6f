#include "engine/dataset/pixel_cache.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/image/resize.h"

namespace likeness {

PixelCache::PixelCache(const PixelCacheOptions& options) : options_(options) {}

absl::StatusOr<std::shared_ptr<const Image>> PixelCache::Get(
    const std::string& path) {
  if (std::shared_ptr<const Image> kept = Find(path)) return kept;
  absl::StatusOr<Image> image = Decode(path);
  if (!image.ok()) {
    absl::MutexLock lock(&mutex_);
    ++counters_.failures;
    return WithContext(image.status(), path);
  }
  return Keep(path, *std::move(image));
}

PixelCacheCounters PixelCache::counters() const {
  absl::MutexLock lock(&mutex_);
  return counters_;
}

std::shared_ptr<const Image> PixelCache::Find(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) {
    ++counters_.misses;
    return nullptr;
  }
  ++counters_.hits;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->image;
}

std::shared_ptr<const Image> PixelCache::Keep(const std::string& path,
                                              Image image) {
  auto shared = std::make_shared<const Image>(std::move(image));
  const uint64_t bytes = shared->size_bytes();
  absl::MutexLock lock(&mutex_);
  // Another thread may have decoded the same picture meanwhile.
  const auto found = by_path_.find(path);
  if (found != by_path_.end()) return found->second->image;
  if (bytes > options_.max_bytes) return shared;
  while (counters_.bytes + bytes > options_.max_bytes) {
    counters_.bytes -= entries_.back().image->size_bytes();
    --counters_.pictures;
    by_path_.erase(entries_.back().path);
    entries_.pop_back();
  }
  entries_.push_front({path, shared});
  by_path_[path] = entries_.begin();
  counters_.bytes += bytes;
  ++counters_.pictures;
  return shared;
}

absl::StatusOr<Image> PixelCache::Decode(const std::string& path) const {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, options_.limits.max_bytes));
  ASSIGN_OR_RETURN(DecodedImage decoded,
                   DecodeImage(bytes, options_.limits, options_.min_side));
  Image& image = decoded.image;
  const int shorter = std::min(image.width(), image.height());
  if (options_.min_side <= 0 || shorter <= options_.min_side) {
    return std::move(image);
  }
  const auto reduced = [&](int side) {
    const double exact = static_cast<double>(side) * options_.min_side;
    return static_cast<int>(std::lround(exact / shorter));
  };
  return Resize(image, reduced(image.width()), reduced(image.height()));
}

}  // namespace likeness
