// The losses, one .cc file each; MakeLoss chooses among them. Each spec is
// valid and of the loss's own type. Includes LibTorch: only for this folder's
// .cc files.
#ifndef LIKENESS_ENGINE_TRAIN_LOSSES_H_
#define LIKENESS_ENGINE_TRAIN_LOSSES_H_

#include <memory>

#include "engine/train/loss.h"
#include "engine/train/loss_spec.h"

namespace likeness {

// Contrastive (Hadsell, Chopra, LeCun 2006, eq. 4): d^2 / 2 for a positive
// pair, max(0, margin - d)^2 / 2 for a negative one. The mean over the positive
// and that over the negative pairs, half of each (or the one that there is)
// when balanced, else the mean over all pairs.
std::shared_ptr<Loss> MakeContrastiveLoss(const LossSpec& spec);

// Triplet (Schroff, Kalenichenko, Philbin 2015): max(0, d(a, p) - d(a, n) +
// margin). By mining:
// - batch_all: the mean over the triplets above 0 (Hermans, Beyer, Leibe 2017).
// - batch_hard: over the anchors, each with its furthest positive and its
//   nearest negative (Hermans et al.).
// - semi_hard: over the positive pairs, each with the nearest negative that is
//   no nearer than the positive (Schroff et al., section 3.2), or the furthest
//   one where all are nearer.
// - curriculum: as semi_hard, with the border moving in a straight line from
//   d(a, p) at progress 0 to the distance of the nearest negative at 1.
std::shared_ptr<Loss> MakeTripletLoss(const LossSpec& spec);

// InfoNCE (van den Oord, Li, Vinyals 2018, eq. 4): -log(e(p) / (e(p) + sum over
// the negatives of e(n))) with e = exp(-distance / temperature), the mean over
// an anchor's positives, then over the anchors with a positive and a negative.
// On the cosine this is the usual exp(cosine / temperature).
std::shared_ptr<Loss> MakeInfoNceLoss(const LossSpec& spec);

// Supervised contrastive (Khosla et al. 2020, L_out, eq. 2): as InfoNCE, but
// the denominator sums over all positives and negatives; over the anchors with
// a positive.
std::shared_ptr<Loss> MakeSupervisedContrastiveLoss(const LossSpec& spec);

// Multi-similarity with its mining (Wang, Han et al. 2019, eq. 7, 8 and 10),
// the mean over the anchors with a positive and a negative.
std::shared_ptr<Loss> MakeMultiSimilarityLoss(const LossSpec& spec);

// Proxy-anchor (Kim, Kim et al. 2020, eq. 4): a learnt proxy a class takes the
// anchor's part, the batch's labelled rows are its positives and negatives;
// references and masks are not looked at, unlabelled rows take no part. The
// parameter "proxies", float32 [num_classes, dimensions], begins normally
// distributed with the variance 2 / num_classes, as the authors' code has it.
std::shared_ptr<Loss> MakeProxyAnchorLoss(const LossSpec& spec, int num_classes,
                                          int dimensions);

// The KoLeo entropy regulariser as Pizzi et al. 2022 use it (SSCD,
// section 3.3): -log of the distance to the nearest negative, the mean over the
// anchors with a negative. Spreads unit vectors over the sphere; may be
// negative. Distances below 1e-3 count as 1e-3, without gradient.
std::shared_ptr<Loss> MakeKoLeoLoss();

// `tensor`, a scalar or undefined, as a statistic: 0 when undefined.
double StatisticOf(const at::Tensor& tensor);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_LOSSES_H_
