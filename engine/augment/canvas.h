// Drawing on pictures: flat fields, shapes, letters, other pictures.
#ifndef LIKENESS_ENGINE_AUGMENT_CANVAS_H_
#define LIKENESS_ENGINE_AUGMENT_CANVAS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "engine/augment/warp.h"
#include "engine/core/random.h"
#include "engine/image/image.h"

namespace likeness {

// A rectangle in whole pixels.
struct Box {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;

  friend bool operator==(const Box&, const Box&) = default;
};

Box BoxOf(const Image& image);

// Any colour, each as likely.
Colour RandomColour(Random& random);
// Black, white, a grey or any colour: what programs fill edges with.
Colour RandomGround(Random& random);

// Whatever lies outside the picture is left out by all of these. `opacity` in
// 0..1.
enum class ShapeKind : uint8_t { kRectangle, kEllipse, kTriangle, kRing };
inline constexpr int kShapeKinds = 4;
void FillShape(Image& image, const Box& box, ShapeKind kind, Colour colour,
               double opacity);
void FillBox(Image& image, const Box& box, Colour colour);

// One line of letters of `height` pixels, its top left corner at (left, top).
// Knows A-Z, 0-9 and a little punctuation; small letters are drawn as capitals,
// anything else as a blank.
void DrawText(Image& image, int left, int top, int height,
              absl::string_view text, Colour colour, double opacity);
// Its width in pixels.
int TextWidth(int height, absl::string_view text);

// Copies `picture`, whose top left corner comes to (left, top).
void Paste(Image& image, const Image& picture, int left, int top);

// Fills `box`, which has pixels, with the middle of `picture`, resized and cut
// to the box's shape.
absl::Status FillWithPicture(Image& image, const Box& box,
                             const Image& picture);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_CANVAS_H_
