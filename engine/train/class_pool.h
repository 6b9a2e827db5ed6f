#ifndef LIKENESS_ENGINE_TRAIN_CLASS_POOL_H_
#define LIKENESS_ENGINE_TRAIN_CLASS_POOL_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/core/random.h"
#include "engine/dataset/dataset.h"
#include "engine/train/sampler.h"

namespace likeness {

// Pictures by class, and the chances of the classes. Immutable.
class ClassPool {
 public:
  struct Class {
    int label;
    int quarter_turns;             // That all its pictures are shown with.
    std::vector<size_t> pictures;  // Those outside the group below.
    std::vector<size_t> always;    // Those of the group that is always drawn.
  };

  struct Options {
    ClassWeight weight = ClassWeight::kUniform;
    std::string always_group = {};
    bool rotated_classes = false;  // Every class four times, turned.
    int min_classes = 2;
  };

  // Samples without a class are left out. INVALID_ARGUMENT with fewer than
  // `min_classes` classes, the turned ones among them.
  static absl::StatusOr<ClassPool> Make(const DataSet& data,
                                        absl::Span<const size_t> samples,
                                        const Options& options);

  // One class.
  const Class& Draw(Random& random) const;
  // One class that is not `other`.
  const Class& DrawOther(const Class& other, Random& random) const;
  // `count` different classes, in an order that is drawn. Efraimidis and
  // Spirakis, "Weighted random sampling with a reservoir" (2006).
  std::vector<const Class*> DrawSeveral(size_t count, Random& random) const;

 private:
  std::vector<Class> classes_;
  std::vector<double> weights_;
  std::vector<double> sums_;  // Of the weights up to and with each.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_CLASS_POOL_H_
