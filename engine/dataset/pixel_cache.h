#ifndef LIKENESS_ENGINE_DATASET_PIXEL_CACHE_H_
#define LIKENESS_ENGINE_DATASET_PIXEL_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "engine/image/decode.h"
#include "engine/image/image.h"

namespace likeness {

struct PixelCacheOptions {
  uint64_t max_bytes = uint64_t{1} << 30;  // Of the pixels that are kept.
  // A picture whose shorter side is longer is reduced to it, the aspect ratio
  // kept; 0 keeps every pixel.
  int min_side = 256;
  DecodeLimits limits;
};

struct PixelCacheCounters {
  uint64_t hits = 0;
  uint64_t misses = 0;
  uint64_t failures = 0;  // Misses that ended in an error.
  uint64_t bytes = 0;     // Kept now.
  uint64_t pictures = 0;  // Kept now.
};

// Decoded pictures by path, least recently used ones dropped. A picture comes
// out the same whether it was kept or decoded anew. Thread-safe: files are read
// and decoded outside the lock. Pixels that a caller holds stay alive after the
// cache has dropped them, and do not count.
class PixelCache {
 public:
  explicit PixelCache(const PixelCacheOptions& options);

  PixelCache(const PixelCache&) = delete;
  PixelCache& operator=(const PixelCache&) = delete;

  // The upright pixels of the picture at `path`. Errors are ReadFile's and
  // DecodeImage's with the path before the message; they are not kept.
  absl::StatusOr<std::shared_ptr<const Image>> Get(const std::string& path)
      ABSL_LOCKS_EXCLUDED(mutex_);

  PixelCacheCounters counters() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    std::string path;
    std::shared_ptr<const Image> image;
  };
  using Entries = std::list<Entry>;  // Most recently used first.

  std::shared_ptr<const Image> Find(const std::string& path)
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<const Image> Keep(const std::string& path, Image image)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Image> Decode(const std::string& path) const;

  const PixelCacheOptions options_;
  mutable absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, Entries::iterator> by_path_
      ABSL_GUARDED_BY(mutex_);
  PixelCacheCounters counters_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_DATASET_PIXEL_CACHE_H_
