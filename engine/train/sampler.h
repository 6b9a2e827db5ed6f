// Which pictures make up each training step. Mentions no LibTorch.
#ifndef LIKENESS_ENGINE_TRAIN_SAMPLER_H_
#define LIKENESS_ENGINE_TRAIN_SAMPLER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/dataset/dataset.h"

namespace likeness {

// A class turned by 90, 180 or 270 degrees can stand for another class: from
// few characters it makes more (Santoro et al., "Meta-Learning with
// Memory-Augmented Neural Networks", 2016).
inline constexpr int kQuarterTurns = 4;

// One place of a batch.
struct BatchItem {
  size_t sample = 0;  // Index into DataSet::samples.
  int label = -1;  // Its class, -1 where that is not known or not to be used.
  int64_t instance = 0;   // The same number for views of the same picture.
  int quarter_turns = 0;  // To the right, 0..3: each is a class of its own.

  friend bool operator==(const BatchItem&, const BatchItem&) = default;
};

// Draws batches. What is drawn is a function of the seed and the step alone, so
// a resumed run goes on as if it had not stopped. Immutable: thread-safe.
class Sampler {
 public:
  virtual ~Sampler() = default;

  // The batch of `step` >= 0, always of the same size.
  virtual std::vector<BatchItem> Draw(int64_t step) const = 0;

  // How the places of a batch belong together: 2, items 2i and 2i + 1 are a
  // pair; 3, items 3i, 3i + 1 and 3i + 2 are anchor, positive and negative; 0,
  // every two of them are a pair.
  virtual int tuple_size() const { return 0; }

  // Whether items may be turned, which makes classes of their own.
  virtual bool rotates_classes() const { return false; }
};

// How likely a class is drawn: each as the next, by the square root of its
// pictures, or by its pictures.
enum class ClassWeight : uint8_t { kUniform, kSquareRoot, kFrequency };

struct ClassBatchOptions {
  int classes = 12;  // P different ones, 2..100000.
  int pictures = 4;  // K of each, 1..1000.
  ClassWeight weight = ClassWeight::kUniform;
  // One of the K is of this group wherever the class has one ("iconic"), and
  // the others are not; empty: no such rule.
  std::string always_group;
  bool rotated_classes = false;  // Quarter turns make classes of their own.
};

// P classes x K pictures (Hermans, Beyer and Leibe, "In Defense of the Triplet
// Loss", 2017), class after class. Pictures of one class differ as long as it
// has enough, and begin again after that.
//
// All factories take the indices of the samples to draw from, and copy what
// they need. INVALID_ARGUMENT names the option that is out of range, or says
// what there are too few of.
absl::StatusOr<std::unique_ptr<const Sampler>> MakeClassBatchSampler(
    const DataSet& data, absl::Span<const size_t> samples,
    const ClassBatchOptions& options, uint64_t seed);

struct PairOptions {
  int pairs = 32;               // In a batch, 1..100000.
  double positive_share = 0.5;  // 0..1; kept exactly over the steps.
  ClassWeight weight = ClassWeight::kUniform;
  bool rotated_classes = false;  // As above.
};

// Positive pairs are two pictures of a class (two views of one where it has no
// other), negative ones of two classes; in an order that is drawn.
absl::StatusOr<std::unique_ptr<const Sampler>> MakePairSampler(
    const DataSet& data, absl::Span<const size_t> samples,
    const PairOptions& options, uint64_t seed);

struct TripletOptions {
  int triplets = 32;                           // In a batch, 1..100000.
  ClassWeight weight = ClassWeight::kUniform;  // Of the anchor's class.
  bool rotated_classes = false;                // As above.
};

// Anchor and positive as in a positive pair; the negative is of a class that is
// drawn among the others by the same weights.
absl::StatusOr<std::unique_ptr<const Sampler>> MakeTripletSampler(
    const DataSet& data, absl::Span<const size_t> samples,
    const TripletOptions& options, uint64_t seed);

struct InstanceOptions {
  int pictures = 32;  // N in a batch, at most as many as there are.
  int views = 2;      // Of each, 1..1000.
};

// N pictures, `views` of each, one after the other; labels are not used. Each
// picture is drawn once before any is drawn again.
absl::StatusOr<std::unique_ptr<const Sampler>> MakeInstanceSampler(
    const DataSet& data, absl::Span<const size_t> samples,
    const InstanceOptions& options, uint64_t seed);

// What a sampler really draws.
struct SamplerBalance {
  int64_t steps = 0;
  std::vector<int64_t> per_class;  // Pictures drawn, by label.
  int64_t unlabelled = 0;          // Pictures drawn without a class.
  // Of the pairs that tuple_size defines, those of one class or picture.
  double positive_share = 0;
};

// Counts `steps` batches from `first_step` on, for `classes` labels.
SamplerBalance MeasureBalance(const Sampler& sampler, size_t classes,
                              int64_t first_step, int64_t steps);

// One line for a log: classes drawn, pictures of the rarest and the commonest,
// share of positive pairs.
std::string BalanceText(const SamplerBalance& balance);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_SAMPLER_H_
