#ifndef LIKENESS_ENGINE_AUGMENT_BEND_H_
#define LIKENESS_ENGINE_AUGMENT_BEND_H_

#include <array>
#include <cstddef>

#include "engine/augment/projection.h"
#include "engine/core/random.h"

namespace likeness {

// Smooth moves of a picture's points, as a hand varies what it writes: the
// elastic distortion of Simard, Steinkraus and Platt 2003 ("Best practices for
// convolutional neural networks applied to visual document analysis"), made of
// uniform cubic B-splines over a coarse grid instead of filtered noise. Plain
// data; the default moves nothing.
class Bend {
 public:
  Bend() = default;

  // Knots move by up to `reach` along each axis, in shares of half a side, 0
  // and up; what lies between them by less.
  static Bend Draw(double reach, Random& random);

  bool empty() const { return reach_ == 0; }
  double reach() const { return reach_; }

  // How far the point `at` of the square [-1, 1] x [-1, 1] moves.
  Point operator()(Point at) const;

 private:
  // Enough for the strokes of a character to move apart from each other.
  static constexpr size_t kKnots = 7;

  double reach_ = 0;
  std::array<Point, kKnots * kKnots> knots_{};
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_BEND_H_
