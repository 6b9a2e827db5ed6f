#include "engine/train/loss.h"

#include <ATen/ATen.h>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/train/losses.h"

namespace likeness {

double StatisticOf(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.item<double>() : 0;
}

absl::StatusOr<std::shared_ptr<Loss>> MakeLoss(const LossSpec& spec,
                                               int num_classes,
                                               int dimensions) {
  RETURN_IF_ERROR(spec.Validate());
  switch (spec.type) {
    case LossType::kContrastive:
      return MakeContrastiveLoss(spec);
    case LossType::kTriplet:
      return MakeTripletLoss(spec);
    case LossType::kInfoNce:
      return MakeInfoNceLoss(spec);
    case LossType::kSupervisedContrastive:
      return MakeSupervisedContrastiveLoss(spec);
    case LossType::kMultiSimilarity:
      return MakeMultiSimilarityLoss(spec);
    case LossType::kProxyAnchor:
      if (num_classes < 1 || dimensions < 1) {
        return InvalidField(
            "loss.type",
            absl::StrCat("proxy_anchor needs classes; there are ", num_classes,
                         ", in ", dimensions, " dimensions"));
      }
      return MakeProxyAnchorLoss(spec, num_classes, dimensions);
    case LossType::kKoLeo:
      break;
  }
  return MakeKoLeoLoss();
}

}  // namespace likeness
