// The second look: do the keypoints of two pictures prove that both show one
// rigid thing, as a picture and its copy do?
#ifndef LIKENESS_ENGINE_KEYPOINTS_MATCH_H_
#define LIKENESS_ENGINE_KEYPOINTS_MATCH_H_

#include <cstddef>

#include "engine/keypoints/keypoints.h"
#include "engine/keypoints/plane_map.h"

namespace likeness {

struct KeypointMatch {
  size_t alike = 0;  // Pairs of points that look alike.
  size_t inliers =
      0;  // Different places that agree on `map`; 0: there is none.
  // Whether it is the query mirrored left to right that `map` speaks of.
  bool mirrored = false;
  PlaneMap map;  // From the query's frame, mirrored or not, to the reference's.
  // How surprising that is: -log10 of the number of such agreements that as
  // many unrelated pairs of points would give (Desolneux, Moisan and Morel,
  // "Meaningful Alignments", 2000). Not below 0. Points are not as independent
  // as that takes them to be, hence kProof.
  double evidence = 0;

  bool IsProof() const;
};

// Evidence that unrelated pictures hardly ever reach. Pictures that share a
// background or a label do: docs/evaluation.md has rates.
inline constexpr double kProof = 4;

// Compares the query, as it is and mirrored, with the reference; what is
// mirrored is the answer only when it has more evidence. A function of its
// arguments alone, and not symmetric: exchanging the pictures may change the
// number of inliers by a few.
KeypointMatch MatchKeypoints(const Keypoints& query,
                             const Keypoints& reference);

// The same with the mirrored query at hand, for one that is compared often.
KeypointMatch MatchKeypoints(const Keypoints& query,
                             const Keypoints& mirrored_query,
                             const Keypoints& reference);

// One number to rank by: the cosine, -1..1, for a pair without proof, and
// 1 + evidence / (evidence + 20), in (1, 2), for one with it. So every proven
// pair is above every other, and what proof there is orders them.
float SecondLookScore(float cosine, const KeypointMatch& match);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_KEYPOINTS_MATCH_H_
