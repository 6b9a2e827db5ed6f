#ifndef LIKENESS_TOOLS_LOCAL_ENGINE_H_
#define LIKENESS_TOOLS_LOCAL_ENGINE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/collection/collection.h"
#include "engine/collection/collection_set.h"
#include "engine/embed/embedder.h"
#include "engine/embed/picture_encoder.h"

namespace likeness {

// Longer side of the thumbnails that commands keep and show, in pixels.
inline constexpr int kThumbnailSide = 192;

// The model that --model, or the default, names; `workers` threads run it (0:
// one for each core).
absl::StatusOr<std::unique_ptr<Embedder>> LoadModel(const std::string& model,
                                                    int workers = 0);

// A data directory that this process has open, and one of its collections.
struct LocalCollection {
  std::unique_ptr<CollectionSet> set;
  std::shared_ptr<Collection> collection;
};

// Opens the collection called `name`. NOT_FOUND lists the ones there are.
absl::StatusOr<LocalCollection> OpenCollection(const std::string& data,
                                               const std::string& name);

// Same, making the directory and a collection of `model` where they are
// missing. FAILED_PRECONDITION (reason MODEL_MISMATCH) when it is there and
// holds another model's vectors.
absl::StatusOr<LocalCollection> OpenOrCreateCollection(const std::string& data,
                                                       const std::string& name,
                                                       const ModelInfo& model,
                                                       bool keep_thumbnails);

// FAILED_PRECONDITION (reason MODEL_MISMATCH) unless `spec`'s vectors are
// `model`'s.
absl::Status CheckModel(const CollectionSpec& spec, const ModelInfo& model);

// Reads and encodes the picture at `path`, without a thumbnail.
absl::StatusOr<EncodedPicture> EncodeFile(const PictureEncoder& encoder,
                                          const std::string& path);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_LOCAL_ENGINE_H_
