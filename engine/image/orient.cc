#include "engine/image/orient.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace likeness {
namespace {

// Where an upright pixel comes from: source = origin + x * step_x + y * step_y,
// in bytes of the stored picture.
struct Walk {
  ptrdiff_t origin = 0;
  ptrdiff_t step_x = 0;
  ptrdiff_t step_y = 0;
};

// Orientation n says which corner of the scene the stored row 0, column 0 shows
// (Exif 2.32, 4.6.4): the walk undoes it.
Walk WalkOf(int orientation, int width, int height) {
  const ptrdiff_t column = 3;
  const ptrdiff_t row = column * width;
  const ptrdiff_t last_column = column * (width - 1);
  const ptrdiff_t last_row = row * (height - 1);
  switch (orientation) {
    case 2:  // Mirrored.
      return {last_column, -column, row};
    case 3:  // Upside down.
      return {last_row + last_column, -column, -row};
    case 4:  // Mirrored and upside down.
      return {last_row, column, -row};
    case 5:  // Transposed.
      return {0, row, column};
    case 6:  // Lying on its left side: turn clockwise.
      return {last_row, -row, column};
    case 7:  // Transposed over the other diagonal.
      return {last_row + last_column, -row, -column};
    default:  // 8, lying on its right side: turn counter-clockwise.
      return {last_column, row, -column};
  }
}

}  // namespace

Image Orient(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8 || image.empty()) return image;
  const Walk walk = WalkOf(orientation, image.width(), image.height());
  const bool swap = SwapsSides(orientation);
  Image upright(swap ? image.height() : image.width(),
                swap ? image.width() : image.height());
  const uint8_t* source = image.data() + walk.origin;
  const size_t row_bytes = size_t{3} * static_cast<size_t>(upright.width());
  // Squares keep both pictures' cache lines in use when rows become columns.
  constexpr int kBlock = 32;
  for (int top = 0; top < upright.height(); top += kBlock) {
    const int bottom = std::min(top + kBlock, upright.height());
    for (int left = 0; left < upright.width(); left += kBlock) {
      const int right = std::min(left + kBlock, upright.width());
      for (int y = top; y < bottom; ++y) {
        uint8_t* to = upright.data() + static_cast<size_t>(y) * row_bytes +
                      size_t{3} * static_cast<size_t>(left);
        const uint8_t* from = source + y * walk.step_y + left * walk.step_x;
        for (int x = left; x < right; ++x) {
          to[0] = from[0];
          to[1] = from[1];
          to[2] = from[2];
          to += 3;
          from += walk.step_x;
        }
      }
    }
  }
  return upright;
}

}  // namespace likeness
