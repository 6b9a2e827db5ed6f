// Linear filters whose weights for rows and columns are independent: resizing,
// blurring and the hash's reduction are all of this kind.
#ifndef LIKENESS_ENGINE_IMAGE_SEPARABLE_FILTER_H_
#define LIKENESS_ENGINE_IMAGE_SEPARABLE_FILTER_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "engine/image/image.h"

namespace likeness {

// For each output position along one axis, the run of input positions that it
// is a weighted sum of.
class FilterTaps {
 public:
  // Appends an output made of `weights` at inputs `first`, `first` + 1, ...
  // Weights are normalised to sum 1; at least one is not zero.
  void Add(int first, absl::Span<const float> weights);

  int size() const { return static_cast<int>(runs_.size()); }
  int first(int output) const { return runs_[Index(output)].first; }
  absl::Span<const float> weights(int output) const {
    const Run& run = runs_[Index(output)];
    return absl::MakeConstSpan(weights_).subspan(run.offset, run.count);
  }

 private:
  struct Run {
    int first;
    size_t offset;
    size_t count;
  };
  static size_t Index(int output) { return static_cast<size_t>(output); }

  std::vector<Run> runs_;
  std::vector<float> weights_;
};

// Output row `output` of the vertical filter: `sums` gets 3 x image.width()
// floats, interleaved as the pixels are.
void FilterColumns(const Image& image, const FilterTaps& rows, int output,
                   float* sums);

// The picture of columns.size() x rows.size() pixels, rounded and clipped.
Image ApplySeparable(const Image& image, const FilterTaps& columns,
                     const FilterTaps& rows);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_SEPARABLE_FILTER_H_
