// What people and programs put around a picture: borders, bars, the windows of
// programs, other pictures. Strengths are in the units of Transform; colours
// and arrangement are drawn.
#ifndef LIKENESS_ENGINE_AUGMENT_FRAME_H_
#define LIKENESS_ENGINE_AUGMENT_FRAME_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/augment/canvas.h"
#include "engine/augment/overlay.h"
#include "engine/augment/transform.h"
#include "engine/core/random.h"
#include "engine/image/image.h"

namespace likeness {

// A frame is what is cut off a box, side after side; the rest is for the
// picture. A view nests several frames, and resamples its picture once, into
// the innermost box.
struct Frame {
  enum class Side : uint8_t { kLeft, kTop, kRight, kBottom };
  struct Cut {
    Side side;
    double share;  // Of what the cuts before have left, in [0, 1).
  };

  Transform kind;  // kScreenshot, kCollage, kLetterbox or kBorder.
  std::vector<Cut> cuts;
};

// Draws the arrangement of a frame of `strength` for a box (or picture) of
// width x height. INVALID_ARGUMENT for a strength out of its range.
absl::StatusOr<Frame> DrawFrame(Transform kind, double strength, int width,
                                int height, Random& random);

// What the frame leaves of `outer`: at least one pixel; `outer` itself at
// strength 0.
Box InnerOf(const Frame& frame, const Box& outer);

// Paints everything of `outer` but the inner box.
absl::Status PaintFrame(Image& canvas, const Box& outer, const Frame& frame,
                        OtherPictures others, Random& random);

// A larger picture, in which `image` keeps its pixels (a collage may shift it
// by a fraction of one). INVALID_ARGUMENT for a picture without pixels, too.

// A flat frame.
absl::StatusOr<Image> Border(const Image& image, double share, Random& random);

// Bars above and below, or to the left and right, as often.
absl::StatusOr<Image> Letterbox(const Image& image, double share,
                                Random& random);

// The bars of a program: status line, title, buttons, comments.
absl::StatusOr<Image> ScreenshotFrame(const Image& image, double share,
                                      Random& random);

// Other pictures beside it; two cuts at shares above a half.
absl::StatusOr<Image> Collage(const Image& image, double share,
                              OtherPictures others, Random& random);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_FRAME_H_
