// Checks that several handlers make against collection and model.
#ifndef LIKENESS_SERVER_REQUEST_CHECKS_H_
#define LIKENESS_SERVER_REQUEST_CHECKS_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/collection/collection_set.h"
#include "engine/embed/calibration.h"
#include "engine/embed/embedder.h"
#include "engine/store/database.h"

namespace likeness {

// gRPC clients refuse messages of more than 4 MiB unless told otherwise: a
// page, or what else may be cut short, ends early rather than going much beyond
// this.
inline constexpr size_t kMaxPageBytes = 3 << 20;

// How many entries a page has that `asked` was the page_size of: 1 to
// kMaxItemsAtOnce, 100 where it is 0. INVALID_ARGUMENT blames "page_size".
absl::StatusOr<int> PageSize(int asked);

// The collection called `name`. INVALID_ARGUMENT when the name is empty,
// NOT_FOUND (reason COLLECTION_NOT_FOUND) when there is none; both blame
// `field`.
absl::StatusOr<std::shared_ptr<Collection>> FindCollection(
    const CollectionSet& collections, absl::string_view name,
    absl::string_view field);

// FAILED_PRECONDITION (reason MODEL_MISMATCH), naming both models, unless
// pictures embedded by `model` belong into the collection.
absl::Status CheckTakesPictures(const CollectionSpec& spec,
                                const ModelInfo& model,
                                absl::string_view field);

// The same for vectors that a caller brings.
absl::Status CheckTakesVectors(const CollectionSpec& spec,
                               absl::string_view field);

// The similarity from which on `calibration` vouches for `precision`.
// INVALID_ARGUMENT unless that is above 0 and below 1; FAILED_PRECONDITION
// (reason NOT_CALIBRATED) says which precisions there are. Both blame `field`.
absl::StatusOr<float> SimilarityForPrecision(
    const std::optional<Calibration>& calibration, double precision,
    absl::string_view field);

// A status of PictureEncoder::Encode for the caller who sent the picture in
// `field`: what is wrong with the picture becomes INVALID_ARGUMENT with the
// engine's reason, whatever code the decoder gave it (DATA_LOSS would say that
// the server lost something); a fault of the engine stays as it is.
absl::Status BlamePicture(const absl::Status& status, absl::string_view field);

// `status` with `reason` and `field` when it is NOT_FOUND, for engines that
// name the missing thing in the message alone.
absl::Status BlameMissing(const absl::Status& status, absl::string_view reason,
                          absl::string_view field);

}  // namespace likeness

#endif  // LIKENESS_SERVER_REQUEST_CHECKS_H_
