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
#include "engine/train/read_picture.h"

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

size_t ValidationPictures::Add(const std::string& path, bool edited) {
  const auto [found, added] = numbers_.insert({{path, edited}, keys_.size()});
  if (added) keys_.push_back({path, edited});
  return found->second;
}

absl::Status ValidationPictures::Read(const PrepareOptions& options,
                                      int threads) {
  ASSIGN_OR_RETURN(
      inputs_, MakeAll<NetworkInput>(keys_.size(), threads, [&](size_t i) {
        return keys_[i].edited ? EditPicture(keys_[i].path, options, i)
                               : ReadPicture(keys_[i].path, options);
      }));
  return absl::OkStatus();
}

absl::StatusOr<PerSpace<UnitRows>> ValidationPictures::Embed(
    const Embedder& embedder, int threads) const {
  const absl::Span<const NetworkInput> inputs = inputs_;
  const size_t chunks = (inputs.size() + kChunk - 1) / kChunk;
  ASSIGN_OR_RETURN(
      const std::vector<std::vector<Embedding>> embedded,
      MakeAll<std::vector<Embedding>>(chunks, threads, [&](size_t i) {
        return embedder.Embed(inputs.subspan(i * kChunk, kChunk));
      }));
  PerSpace<UnitRows> rows;
  for (const Space space : kAllSpaces) {
    rows[space].dimensions = embedder.model().dimensions[space];
    for (const std::vector<Embedding>& chunk : embedded) {
      for (const Embedding& embedding : chunk) {
        rows[space].Append(embedding.vectors[space]);
      }
    }
  }
  return rows;
}

}  // namespace likeness
