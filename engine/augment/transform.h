// The transforms that views are made with, and the scale of their strengths.
#ifndef LIKENESS_ENGINE_AUGMENT_TRANSFORM_H_
#define LIKENESS_ENGINE_AUGMENT_TRANSFORM_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/image/image.h"

namespace likeness {

// In the order in which a view applies them, frames from the outside inwards;
// the last group, which came later, says where it belongs. Strength 0 changes
// nothing. A "share" of a side is of the shorter one.
enum class Transform : uint8_t {
  // Where the view lies in the picture. The place of a crop is drawn.
  kCrop,         // Share of the area that is cut away, 0..0.95.
  kAspect,       // Logarithm of width by height against the picture's, -1..1.
  kZoom,         // Binary logarithm of the factor, -3..3; below 0 the picture
                 // becomes smaller, on a flat ground.
  kFlip,         // Left to right from 0.5 up, 0..1.
  kQuarterTurn,  // Quarter turns to the right, rounded, 0..3.
  kTurn,         // Degrees to the right, -180..180; the frame grows to hold the
                 // picture, its corners are flat.
  kRotation,     // Degrees to the right, -180..180; the frame stays, and the
                 // picture's edge goes on into its corners.
  kPerspective,  // How far the corners move inwards, share of the sides,
                 // 0..0.3.
  // Colours.
  kBrightness,  // -1 (black) .. 2: factor less 1.
  kContrast,    // -1 (flat) .. 2: factor less 1, about the mean luma.
  kSaturation,  // -1 (grey) .. 2: factor less 1.
  kHue,         // Degrees, -180..180.
  kGrey,        // Share of the way to grey, 0..1.
  // What is put upon the picture, at a place that is drawn.
  kErase,  // Share of the area under one flat rectangle, 0..0.9.
  kCover,  // Share of the area under another picture, 0..0.9; a flat rectangle
           // when there is no other.
  kShape,  // Side of a coloured shape, share of the side, 0..0.9.
  kText,   // Height of a line of letters, share of the side, 0..0.5.
  // What is put around the picture.
  kScreenshot,  // Share of the height for the bars of a program, 0..0.6.
  kCollage,     // Share of the area for other pictures, 0..0.85; flat fields
                // when there is no other.
  kLetterbox,   // Share of the height (or width) for both bars, 0..0.8.
  kBorder,      // Width of a frame, share of the side, 0..0.4.
  // What becomes of the pixels.
  kPixelate,  // Side of a block, share of the side, 0..0.25.
  kResize,  // Share of each side lost in a reduction and enlargement, 0..0.95.
  kBlur,    // Sigma of a Gaussian, share of the side, 0..0.1.
  kNoise,   // Sigma in levels of 255, 0..128, independent for each sample.
  kJpeg,    // 100 less the quality, 0..99.
  // Hands. The picture's edge goes on into what they lay open.
  kScale,  // Binary logarithm of the factor, -2..2; after kRotation.
  kShear,  // How far bottom and top move apart sideways, share of the height,
           // -1..1; after kScale.
  kBend,   // How far points move, each with its neighbours, share of the sides,
           // 0..0.3; before kPerspective.
  kInk,    // Share of the way to the darkest of nine neighbouring pixels of the
           // view (thicker lines), below 0 to the lightest (thinner), -1..1;
           // before kPixelate.
};

inline constexpr size_t kTransformCount = 30;

// All transforms in their order.
absl::Span<const Transform> AllTransforms();

// "crop", "quarter_turn", ...
absl::string_view TransformName(Transform transform);

// The smallest and largest strengths, inclusive.
struct StrengthLimits {
  double low;
  double high;
};
StrengthLimits LimitsOf(Transform transform);

// INVALID_ARGUMENT, blaming the transform by name, for a strength out of range.
absl::Status CheckStrength(Transform transform, double strength);
// Also for a picture without pixels.
absl::Status CheckEdit(const Image& image, Transform transform,
                       double strength);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_TRANSFORM_H_
