#include "engine/train/validation_pictures.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/augment/view.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/image/decode.h"

namespace likeness {
namespace {

// Every embedding of one chunk is computed by one thread.
constexpr size_t kChunk = 4;
// Stream of the random numbers that edits are made with: no other is like it,
// so that training never sees these very edits.
constexpr uint64_t kEditSeed = 0x7661'6c69'6461'7465;

// Runs `make` for each of `count` results; the first error in their order wins.
template <typename T, typename Function>
absl::StatusOr<std::vector<T>> MakeAll(size_t count, int threads,
                                       const Function& make) {
  std::vector<absl::StatusOr<T>> made(count);
  ParallelFor(count, threads, [&](size_t i) { made[i] = make(i); });
  std::vector<T> all;
  all.reserve(count);
  for (absl::StatusOr<T>& one : made) {
    if (!one.ok()) return one.status();
    all.push_back(*std::move(one));
  }
  return all;
}

absl::StatusOr<NetworkInput> ReadPicture(const std::string& path,
                                         const PrepareOptions& options) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, options.limits.max_bytes));
  absl::StatusOr<PreparedPicture> picture = PreparePicture(bytes, options);
  if (!picture.ok()) return WithContext(picture.status(), path);
  return std::move(picture->input);
}

absl::StatusOr<NetworkInput> EditPicture(const std::string& path,
                                         const PrepareOptions& options,
                                         uint64_t number) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, options.limits.max_bytes));
  absl::StatusOr<DecodedImage> decoded =
      DecodeImage(bytes, options.limits, options.input_side);
  if (!decoded.ok()) return WithContext(decoded.status(), path);
  Random random(kEditSeed, number);
  NetworkInput input;
  ASSIGN_OR_RETURN(input.pixels,
                   MakeView(decoded->image, /*others=*/{}, CopyViews(),
                            options.input_side, options.fit, random));
  return input;
}

}  // namespace

absl::StatusOr<std::vector<NetworkInput>> ReadPictures(
    absl::Span<const std::string> paths, const PrepareOptions& options,
    int threads) {
  return MakeAll<NetworkInput>(paths.size(), threads, [&](size_t i) {
    return ReadPicture(paths[i], options);
  });
}

absl::StatusOr<std::vector<NetworkInput>> EditPictures(
    absl::Span<const std::string> paths, const PrepareOptions& options,
    int threads) {
  return MakeAll<NetworkInput>(paths.size(), threads, [&](size_t i) {
    return EditPicture(paths[i], options, i);
  });
}

absl::StatusOr<UnitRows> EmbedPictures(const Embedder& embedder, Space space,
                                       absl::Span<const NetworkInput> pictures,
                                       int threads) {
  const size_t chunks = (pictures.size() + kChunk - 1) / kChunk;
  ASSIGN_OR_RETURN(
      const std::vector<std::vector<Embedding>> embedded,
      MakeAll<std::vector<Embedding>>(chunks, threads, [&](size_t i) {
        return embedder.Embed(pictures.subspan(i * kChunk, kChunk));
      }));
  UnitRows rows;
  rows.dimensions = embedder.model().dimensions[space];
  for (const std::vector<Embedding>& chunk : embedded) {
    for (const Embedding& embedding : chunk) {
      rows.Append(embedding.vectors[space]);
    }
  }
  return rows;
}

}  // namespace likeness
