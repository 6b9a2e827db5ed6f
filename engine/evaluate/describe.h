// From pictures to the unit rows that metrics compare: one pass over the
// pictures for every descriptor of a run.
#ifndef LIKENESS_ENGINE_EVALUATE_DESCRIBE_H_
#define LIKENESS_ENGINE_EVALUATE_DESCRIBE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/core/space.h"
#include "engine/embed/embedder.h"
#include "engine/evaluate/unit_rows.h"

namespace likeness {

// A picture's encoded bytes, read when they are needed.
struct PictureSource {
  std::string name;  // For people: a path, or what was made of one.
  std::function<absl::StatusOr<std::string>()> read;  // Thread-safe.
};

// The file at `path`.
PictureSource FileOf(const std::string& path);

// A network under test or beside it.
struct NetworkDescriptor {
  std::string name;
  const Embedder* embedder = nullptr;  // Outlives the run.
  Space space = Space::kSimilar;
  // When positive, there is a second descriptor: this one reduced to so many
  // principal components of the training pictures.
  int reduced_dimensions = 0;
};

struct DescribeOptions {
  int workers = 0;  // Threads that decode and wait for networks; 0: two a core.
  bool with_plain = true;  // Describe by histogram and hashes too.
  // Called from one thread at a time with the numbers of pictures.
  std::function<void(size_t done, size_t total)> progress = {};
};

// The rows of one descriptor.
struct DescribedRows {
  std::string name;
  UnitRows rows;
};

struct PictureFailure {
  std::string name;
  absl::Status status;
};

// Every descriptor has a row for each picture that could be decoded.
struct DescribedPictures {
  std::vector<DescribedRows> descriptors;
  std::vector<std::optional<size_t>> row_of;  // Of each picture.
  std::vector<PictureFailure> failures;

  // Rows of those of `pictures` that have one.
  std::vector<size_t> RowsOf(absl::Span<const size_t> pictures) const;
};

// Describes every picture by every network (in the engine's own way: one
// decoder, one resize), then by the plain descriptors: colour histogram, pHash,
// PDQ. The order is that of `networks`, a reduced one behind its own.
// `training`: numbers of the pictures that principal components are fitted to;
// without enough of them there is no reduced descriptor.
//
// A picture that can't be read or decoded is listed in `failures`; an error of
// a network ends the run.
absl::StatusOr<DescribedPictures> DescribePictures(
    absl::Span<const PictureSource> pictures,
    absl::Span<const NetworkDescriptor> networks,
    absl::Span<const size_t> training, const DescribeOptions& options);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_DESCRIBE_H_
