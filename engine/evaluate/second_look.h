// What a second look at the best answers by keypoints would make of a ranking,
// and what it costs.
#ifndef LIKENESS_ENGINE_EVALUATE_SECOND_LOOK_H_
#define LIKENESS_ENGINE_EVALUATE_SECOND_LOOK_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/evaluate/copy_retrieval.h"
#include "engine/evaluate/describe.h"
#include "engine/evaluate/unit_rows.h"
#include "engine/keypoints/keypoints.h"

namespace likeness {

// Sums over a run, in processor seconds of one thread; decoding is not counted,
// since the network's picture is decoded anyway.
struct SecondLookCost {
  size_t pictures = 0;     // References whose keypoints were extracted.
  double bytes = 0;        // Of their keypoints.
  size_t extractions = 0;  // Of references and copies.
  double extract_seconds = 0;
  size_t pairs = 0;
  double match_seconds = 0;  // Both ways round.

  // "13.5 KB of keypoints a picture, 70 ms to extract ..."
  std::string Text() const;
};

// Compares copies with their best references. Keeps the keypoints of every
// reference that it met (at most 54 KB each) for the copies to come. Not
// thread-safe; borrows `pictures`.
class SecondLook {
 public:
  // Looks at the `candidates` best references, on `threads` threads (0: one for
  // each core).
  SecondLook(const std::vector<PictureSource>& pictures, size_t candidates,
             int threads = 0)
      : pictures_(pictures), candidates_(candidates), threads_(threads) {}

  // Pictures (by their numbers) and their vectors, in the same order.
  struct Side {
    absl::Span<const size_t> pictures;
    const UnitRows& rows;
  };

  // SecondLookScore (engine/keypoints/match.h) of each query and its best
  // references. An error of reading, decoding or extracting ends the run.
  absl::StatusOr<std::vector<std::vector<SecondScore>>> Look(
      const Side& queries, const Side& references);

  size_t candidates() const { return candidates_; }
  const SecondLookCost& cost() const { return cost_; }

 private:
  // Of `pictures`, in that order.
  absl::StatusOr<std::vector<Keypoints>> Extract(
      absl::Span<const size_t> pictures);
  // Adds those that `best` names and that are not known yet.
  absl::Status ExtractReferences(
      const std::vector<std::vector<SecondScore>>& best,
      absl::Span<const size_t> pictures);

  const std::vector<PictureSource>& pictures_;
  const size_t candidates_;
  const int threads_;
  std::map<size_t, Keypoints> known_;  // By the picture's number.
  SecondLookCost cost_;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_SECOND_LOOK_H_
