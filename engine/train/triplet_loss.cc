#include <ATen/ATen.h>

#include "engine/train/distance.h"
#include "engine/train/losses.h"

namespace likeness {
namespace {

// int64 [T] each: rows and columns of the distance matrix.
struct Triplets {
  at::Tensor anchor;
  at::Tensor positive;
  at::Tensor negative;
};

// [R, M] distances to the column of each row's nearest or furthest entry of
// `mask`, int64 [R]; any column where there is none.
at::Tensor Nearest(const at::Tensor& distances, const at::Tensor& mask) {
  return distances.masked_fill(mask.logical_not(), kInfinity).argmin(1);
}
at::Tensor Furthest(const at::Tensor& distances, const at::Tensor& mask) {
  return distances.masked_fill(mask.logical_not(), -kInfinity).argmax(1);
}

at::Tensor At(const at::Tensor& rows, const at::Tensor& columns) {
  return rows.gather(1, columns.unsqueeze(1));
}

Triplets HardTriplets(const at::Tensor& distances, const LossInput& input) {
  const at::Tensor rows =
      input.positive.any(1).logical_and(input.negative.any(1));
  const at::Tensor anchor = rows.nonzero().squeeze(1);
  const at::Tensor own = distances.index_select(0, anchor);
  return {anchor, Furthest(own, input.positive.index_select(0, anchor)),
          Nearest(own, input.negative.index_select(0, anchor))};
}

// [T, 2]: row and column of each positive pair whose anchor has a negative.
at::Tensor UsablePairs(const LossInput& input) {
  return input.positive.logical_and(input.negative.any(1, true)).nonzero();
}

// `hardness`: 0 is semi-hard, 1 the nearest negative.
Triplets MinedTriplets(const at::Tensor& distances, const LossInput& input,
                       double hardness) {
  const at::Tensor pairs = UsablePairs(input);
  const at::Tensor anchor = pairs.select(1, 0);
  const at::Tensor positive = pairs.select(1, 1);
  const at::Tensor own = distances.index_select(0, anchor);
  const at::Tensor negatives = input.negative.index_select(0, anchor);

  const at::Tensor semi_hard = At(own, positive);
  const at::Tensor hardest =
      at::minimum(semi_hard, At(own, Nearest(own, negatives)));
  const at::Tensor border = at::lerp(semi_hard, hardest, hardness);
  const at::Tensor beyond = negatives.logical_and(own >= border);
  return {
      anchor, positive,
      at::where(beyond.any(1), Nearest(own, beyond), Furthest(own, negatives))};
}

class TripletLoss : public Loss {
 public:
  explicit TripletLoss(const LossSpec& spec) : spec_(spec) {}

  at::Tensor Compute(const LossInput& input) override {
    const at::Tensor distances =
        PairwiseDistances(input.anchors, input.references, spec_.distance);
    // Which triplet is chosen has no gradient.
    const at::Tensor fixed = distances.detach();
    switch (spec_.mining) {
      case TripletMining::kBatchAll:
        return AllTriplets(distances, input);
      case TripletMining::kBatchHard:
        return Chosen(distances, HardTriplets(fixed, input));
      case TripletMining::kSemiHard:
        return Chosen(distances, MinedTriplets(fixed, input, 0));
      case TripletMining::kCurriculum:
        break;
    }
    return Chosen(distances, MinedTriplets(fixed, input, input.progress));
  }

  std::vector<LossStatistic> Statistics() const override {
    return {{"triplets", StatisticOf(triplets_)},
            {"active_triplet_share", StatisticOf(active_)}};
  }

 private:
  at::Tensor AllTriplets(const at::Tensor& distances, const LossInput& input) {
    const at::Tensor pairs = UsablePairs(input);
    const at::Tensor anchor = pairs.select(1, 0);
    const at::Tensor own = distances.index_select(0, anchor);
    const at::Tensor negatives = input.negative.index_select(0, anchor);
    const at::Tensor excess = At(own, pairs.select(1, 1)) - own + spec_.margin;
    const at::Tensor active = negatives.logical_and(excess > 0);
    triplets_ = negatives.sum();
    active_ = active.sum().to(at::kDouble) / triplets_.clamp_min(1);
    return MaskedMean(excess, active);
  }

  at::Tensor Chosen(const at::Tensor& distances, const Triplets& triplets) {
    const at::Tensor own = distances.index_select(0, triplets.anchor);
    const at::Tensor excess =
        At(own, triplets.positive) - At(own, triplets.negative) + spec_.margin;
    const at::Tensor active = excess > 0;
    triplets_ = at::scalar_tensor(triplets.anchor.size(0));
    active_ = MaskedMean(active.to(at::kDouble), at::ones_like(active));
    return MaskedMean(at::relu(excess), at::ones_like(active));
  }

  const LossSpec spec_;
  at::Tensor triplets_;
  at::Tensor active_;
};

}  // namespace

std::shared_ptr<Loss> MakeTripletLoss(const LossSpec& spec) {
  return std::make_shared<TripletLoss>(spec);
}

}  // namespace likeness
