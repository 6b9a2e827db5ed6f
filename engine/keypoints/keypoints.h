// Local features of a picture: what a copy still shows after a crop, a cover, a
// frame or a turn has changed the picture as a whole.
#ifndef LIKENESS_ENGINE_KEYPOINTS_KEYPOINTS_H_
#define LIKENESS_ENGINE_KEYPOINTS_KEYPOINTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/image/image.h"

namespace likeness {

// Pictures are brought to this longest side, in pixels, before points are
// looked for: the *frame* that places are stated in.
inline constexpr int kKeypointSide = 480;
// Of one picture, at most.
inline constexpr size_t kMaxKeypoints = 400;
inline constexpr size_t kDescriptorBytes = 128;

// Where a point is and how it lies, in 6 bytes.
struct Keypoint {
  static constexpr int kUnitsPerPixel = 64;
  static constexpr int kUnitsPerOctave = 24;
  static constexpr int kUnitsPerTurn = 256;

  uint16_t x = 0;     // Units of the frame, from the centre of its first pixel.
  uint16_t y = 0;     // Downwards.
  uint8_t scale = 0;  // Binary logarithm of its diameter in pixels, in units.
  uint8_t angle = 0;  // Of its direction, to the right on the page, in units.
};

// The points of one picture, strongest first. Plain data, at most 53,608 bytes.
struct Keypoints {
  int width = 0;  // Of the frame; its longer side is kKeypointSide.
  int height = 0;
  std::vector<Keypoint> points = {};
  // points.size() x kDescriptorBytes, row-major: SIFT (Lowe, "Distinctive Image
  // Features from Scale-Invariant Keypoints", 2004) as RootSIFT (Arandjelovic
  // and Zisserman, "Three things everyone should know to improve object
  // retrieval", 2012), the square roots of shares in units of 1/512, at most
  // 255. Laid out as row, column, direction (4 x 4 x 8) in the point's own
  // frame.
  std::vector<uint8_t> descriptors = {};

  absl::Span<const uint8_t> Descriptor(size_t i) const {
    return absl::MakeConstSpan(descriptors)
        .subspan(i * kDescriptorBytes, kDescriptorBytes);
  }
  // What an index would keep: 134 bytes a point and 8 of the frame.
  size_t size_bytes() const;
};

// The points of `image`: the strongest of each octave. Flat and tiny pictures
// have few or none. The same pixels give the same points on the same kind of
// processor (the library has code of its own for each). Thread-safe; takes
// about 40 MB while it runs. INVALID_ARGUMENT for a picture without pixels;
// INTERNAL when the library fails.
absl::StatusOr<Keypoints> ExtractKeypoints(const Image& image);

// What the picture, mirrored left to right, would have: no second extraction.
// Its own inverse.
Keypoints MirrorKeypoints(const Keypoints& keypoints);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_KEYPOINTS_KEYPOINTS_H_
