#include "server/request_checks.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/core/error.h"
#include "server/reasons.h"

namespace likeness {
namespace {

constexpr int kDefaultPageSize = 100;

absl::Status ModelMismatch(absl::string_view message, absl::string_view field) {
  return WithField(
      WithReason(absl::FailedPreconditionError(message), kReasonModelMismatch),
      field);
}

}  // namespace

absl::StatusOr<int> PageSize(int asked) {
  if (asked < 0 || asked > kMaxItemsAtOnce) {
    return InvalidField("page_size",
                        absl::StrCat(asked, " is not in 1 to ", kMaxItemsAtOnce,
                                     " (or 0, for ", kDefaultPageSize, ")"));
  }
  return asked == 0 ? kDefaultPageSize : asked;
}

absl::StatusOr<std::shared_ptr<Collection>> FindCollection(
    const CollectionSet& collections, absl::string_view name,
    absl::string_view field) {
  if (name.empty()) return InvalidField(field, "is not given");
  absl::StatusOr<std::shared_ptr<Collection>> found = collections.Get(name);
  if (found.ok()) return found;
  return BlameMissing(found.status(), kReasonCollectionNotFound, field);
}

absl::Status CheckTakesPictures(const CollectionSpec& spec,
                                const ModelInfo& model,
                                absl::string_view field) {
  if (spec.model_id == model.id) return absl::OkStatus();
  if (spec.model_id.empty()) {
    return ModelMismatch(
        absl::StrCat("collection '", spec.name,
                     "' takes the caller's own vectors, not pictures for the "
                     "server's model ",
                     model.id),
        field);
  }
  return ModelMismatch(
      absl::StrCat("collection '", spec.name, "' was made by the model ",
                   spec.model_id, ", but the server runs the model ", model.id),
      field);
}

absl::Status CheckTakesVectors(const CollectionSpec& spec,
                               absl::string_view field) {
  if (spec.model_id.empty()) return absl::OkStatus();
  return ModelMismatch(
      absl::StrCat("collection '", spec.name, "' takes pictures for the model ",
                   spec.model_id, ", not the caller's own vectors"),
      field);
}

absl::StatusOr<float> SimilarityForPrecision(
    const std::optional<Calibration>& calibration, double precision,
    absl::string_view field) {
  // Written so that NaN fails, too.
  if (!(precision > 0 && precision < 1)) {
    return InvalidField(field, "is not above 0 and below 1");
  }
  const absl::StatusOr<CalibratedThreshold> threshold =
      calibration.value_or(Calibration()).ThresholdFor(precision);
  if (threshold.ok()) return threshold->similarity;
  return WithField(
      WithReason(absl::FailedPreconditionError(threshold.status().message()),
                 kReasonNotCalibrated),
      field);
}

absl::Status BlamePicture(const absl::Status& status, absl::string_view field) {
  if (!IsBadPicture(status)) return status;
  return WithField(WithReason(absl::InvalidArgumentError(
                                  absl::StrCat(field, ": ", status.message())),
                              ReasonOf(status)),
                   field);
}

absl::Status BlameMissing(const absl::Status& status, absl::string_view reason,
                          absl::string_view field) {
  if (!absl::IsNotFound(status)) return status;
  return WithField(WithReason(status, reason), field);
}

}  // namespace likeness
