#include "engine/evaluate/describe.h"

#include <algorithm>
#include <cstdint>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/parallel.h"
#include "engine/core/status_macros.h"
#include "engine/evaluate/plain_descriptors.h"
#include "engine/evaluate/principal_components.h"
#include "engine/image/decode.h"
#include "engine/image/prepare.h"

namespace likeness {
namespace {

// Pixels of the shorter side that plain descriptors need, at most.
constexpr int kPlainSide = 128;

using Vectors = std::vector<std::vector<float>>;  // One a descriptor.

bool HasSameInput(const ModelInfo& a, const ModelInfo& b) {
  return a.input_side == b.input_side && a.fit == b.fit;
}

absl::StatusOr<NetworkInput> PrepareFor(const ModelInfo& model,
                                        const std::string& bytes) {
  PrepareOptions options;
  options.input_side = model.input_side;
  options.fit = model.fit;
  ASSIGN_OR_RETURN(PreparedPicture prepared, PreparePicture(bytes, options));
  return std::move(prepared.input);
}

// Fails with what is wrong with the picture, or with the engine's own error.
class Describer {
 public:
  Describer(absl::Span<const NetworkDescriptor> networks, bool with_plain)
      : networks_(networks), with_plain_(with_plain) {}

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const NetworkDescriptor& network : networks_) {
      names.push_back(network.name);
    }
    if (with_plain_) {
      names.insert(names.end(), {"colour histogram", "pHash", "PDQ"});
    }
    return names;
  }

  absl::StatusOr<Vectors> Describe(const PictureSource& picture) const {
    ASSIGN_OR_RETURN(const std::string bytes, picture.read());
    const ModelInfo& first = networks_.front().embedder->model();
    ASSIGN_OR_RETURN(const NetworkInput input, PrepareFor(first, bytes));
    Vectors vectors;
    for (const NetworkDescriptor& network : networks_) {
      const ModelInfo& model = network.embedder->model();
      NetworkInput other;
      if (!HasSameInput(model, first)) {
        ASSIGN_OR_RETURN(other, PrepareFor(model, bytes));
      }
      const NetworkInput& own = other.pixels.empty() ? input : other;
      ASSIGN_OR_RETURN(std::vector<Embedding> embeddings,
                       network.embedder->Embed(absl::MakeConstSpan(&own, 1)));
      vectors.push_back(std::move(embeddings.front().vectors[network.space]));
    }
    if (!with_plain_) return vectors;
    // Not the network's input: that may be padded with white.
    ASSIGN_OR_RETURN(const DecodedImage decoded,
                     DecodeImage(bytes, DecodeLimits(), kPlainSide));
    ASSIGN_OR_RETURN(const uint64_t hash, ComputePHash(decoded.image));
    vectors.push_back(ColourHistogram(decoded.image));
    vectors.push_back(HashVector(hash));
    vectors.push_back(HashVector(input.hash));
    return vectors;
  }

 private:
  const absl::Span<const NetworkDescriptor> networks_;
  const bool with_plain_;
};

// What only concerns one picture, and not the run.
bool ConcernsPicture(const absl::Status& status) {
  return IsBadPicture(status) || absl::IsNotFound(status) ||
         absl::IsPermissionDenied(status) || absl::IsFailedPrecondition(status);
}

// Counts under a lock, so that the caller's report needs none of its own.
class Counter {
 public:
  Counter(size_t total, const DescribeOptions& options)
      : total_(total), options_(options) {}

  void Add() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    ++done_;
    if (options_.progress) options_.progress(done_, total_);
  }

 private:
  const size_t total_;
  const DescribeOptions& options_;
  absl::Mutex mutex_;
  size_t done_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Puts the reduced descriptors behind the ones they are made of.
absl::Status AddReduced(absl::Span<const NetworkDescriptor> networks,
                        absl::Span<const size_t> training_rows,
                        std::vector<DescribedRows>& descriptors) {
  for (size_t i = networks.size(); i-- > 0;) {
    const int dimensions = networks[i].reduced_dimensions;
    const UnitRows& rows = descriptors[i].rows;
    if (dimensions <= 0 || dimensions >= rows.dimensions ||
        training_rows.size() <= static_cast<size_t>(dimensions)) {
      continue;
    }
    ASSIGN_OR_RETURN(
        const PrincipalComponents components,
        PrincipalComponents::Fit(SelectRows(rows, training_rows), dimensions));
    DescribedRows reduced = {
        absl::StrCat(networks[i].name, ", ", dimensions, " components"),
        components.Apply(rows)};
    descriptors.insert(descriptors.begin() + static_cast<ptrdiff_t>(i) + 1,
                       std::move(reduced));
  }
  return absl::OkStatus();
}

}  // namespace

PictureSource FileOf(const std::string& path) {
  return {path, [path] { return ReadFile(path, DecodeLimits().max_bytes); }};
}

std::vector<size_t> DescribedPictures::RowsOf(
    absl::Span<const size_t> pictures) const {
  std::vector<size_t> rows;
  for (const size_t picture : pictures) {
    if (row_of[picture].has_value()) rows.push_back(*row_of[picture]);
  }
  return rows;
}

absl::StatusOr<DescribedPictures> DescribePictures(
    absl::Span<const PictureSource> pictures,
    absl::Span<const NetworkDescriptor> networks,
    absl::Span<const size_t> training, const DescribeOptions& options) {
  if (networks.empty()) return InvalidField("networks", "is empty");
  const Describer describer(networks, options.with_plain);
  const int workers = options.workers > 0
                          ? options.workers
                          : 2 * static_cast<int>(std::max(
                                    1U, std::thread::hardware_concurrency()));
  std::vector<absl::StatusOr<Vectors>> described(pictures.size(),
                                                 absl::UnknownError(""));
  Counter counter(pictures.size(), options);
  ParallelFor(pictures.size(), workers, [&](size_t i) {
    described[i] = describer.Describe(pictures[i]);
    counter.Add();
  });
  DescribedPictures result;
  for (const std::string& name : describer.names()) {
    result.descriptors.push_back({name, {}});
  }
  size_t rows = 0;
  for (size_t i = 0; i < pictures.size(); ++i) {
    if (!described[i].ok()) {
      if (!ConcernsPicture(described[i].status())) return described[i].status();
      result.failures.push_back({pictures[i].name, described[i].status()});
      result.row_of.push_back(std::nullopt);
      continue;
    }
    for (size_t j = 0; j < result.descriptors.size(); ++j) {
      std::vector<float>& vector = (*described[i])[j];
      UnitRows& matrix = result.descriptors[j].rows;
      matrix.dimensions = static_cast<int>(vector.size());
      matrix.Append(vector);
      vector = {};  // The matrices take as much memory as all vectors.
    }
    result.row_of.push_back(rows++);
  }
  RETURN_IF_ERROR(
      AddReduced(networks, result.RowsOf(training), result.descriptors));
  return result;
}

}  // namespace likeness
