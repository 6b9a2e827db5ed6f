#include "tools/local_engine.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/embed/load_embedder.h"
#include "tools/model_path.h"

namespace likeness {

absl::StatusOr<std::unique_ptr<Embedder>> LoadModel(const std::string& model,
                                                    int workers) {
  ASSIGN_OR_RETURN(const std::string folder, FindModel(model));
  EmbedderOptions options;
  options.batching.workers = workers;
  return LoadEmbedder(folder, options);
}

absl::StatusOr<LocalCollection> OpenCollection(const std::string& data,
                                               const std::string& name) {
  LocalCollection local;
  ASSIGN_OR_RETURN(local.set, CollectionSet::Open(data, /*create=*/false));
  absl::StatusOr<std::shared_ptr<Collection>> collection = local.set->Get(name);
  if (absl::IsNotFound(collection.status())) {
    std::vector<std::string> names;
    for (const auto& other : local.set->List()) {
      names.push_back(other->spec().name);
    }
    return absl::NotFoundError(absl::StrCat(
        "there is no collection \"", name, "\" in ", data,
        names.empty() ? "; it holds none"
                      : absl::StrCat("; it holds: ", absl::StrJoin(names, ", "),
                                     " (choose with --collection)")));
  }
  RETURN_IF_ERROR(collection.status());
  local.collection = *std::move(collection);
  return local;
}

absl::StatusOr<LocalCollection> OpenOrCreateCollection(const std::string& data,
                                                       const std::string& name,
                                                       const ModelInfo& model,
                                                       bool keep_thumbnails) {
  LocalCollection local;
  ASSIGN_OR_RETURN(local.set, CollectionSet::Open(data, /*create=*/true));
  absl::StatusOr<std::shared_ptr<Collection>> found = local.set->Get(name);
  if (absl::IsNotFound(found.status())) {
    found = local.set->Create({.name = name,
                               .model_id = model.id,
                               .dimensions = model.dimensions,
                               .keep_thumbnails = keep_thumbnails,
                               .created = absl::Now()});
  }
  RETURN_IF_ERROR(found.status());
  local.collection = *std::move(found);
  RETURN_IF_ERROR(CheckModel(local.collection->spec(), model));
  return local;
}

absl::Status CheckModel(const CollectionSpec& spec, const ModelInfo& model) {
  if (spec.model_id == model.id) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "the collection \"", spec.name, "\" holds vectors of ",
          spec.model_id.empty() ? "its owner's own model"
                                : absl::StrCat("the model ", spec.model_id),
          ", not of ", model.name, " (", model.id, ")")),
      kReasonModelMismatch);
}

absl::StatusOr<EncodedPicture> EncodeFile(const PictureEncoder& encoder,
                                          const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, DecodeLimits().max_bytes));
  absl::StatusOr<EncodedPicture> picture =
      encoder.Encode(bytes, /*with_thumbnail=*/false);
  if (!picture.ok()) return WithContext(picture.status(), path);
  return picture;
}

}  // namespace likeness
