#include "engine/keypoints/keypoints.h"

#include <algorithm>

namespace likeness {
namespace {

constexpr size_t kGrid = 4;        // Rows and columns of a descriptor,
constexpr size_t kDirections = 8;  // and what each field of them counts.
static_assert(kGrid * kGrid * kDirections == kDescriptorBytes);

constexpr size_t kFrameBytes = 8;
constexpr size_t kPointBytes = 6;
static_assert(sizeof(Keypoint) == kPointBytes);

// Columns run along the point's direction, rows across it: a mirrored point has
// its rows in reverse, and turns the other way.
void MirrorDescriptor(const uint8_t* from, uint8_t* to) {
  for (size_t row = 0; row < kGrid; ++row) {
    for (size_t column = 0; column < kGrid; ++column) {
      const uint8_t* field =
          from + ((kGrid - 1 - row) * kGrid + column) * kDirections;
      for (size_t i = 0; i < kDirections; ++i) {
        *to++ = field[(kDirections - i) % kDirections];
      }
    }
  }
}

}  // namespace

size_t Keypoints::size_bytes() const {
  return kFrameBytes + points.size() * (kPointBytes + kDescriptorBytes);
}

Keypoints MirrorKeypoints(const Keypoints& keypoints) {
  Keypoints mirrored = keypoints;
  const int right = (keypoints.width - 1) * Keypoint::kUnitsPerPixel;
  for (size_t i = 0; i < keypoints.points.size(); ++i) {
    Keypoint& point = mirrored.points[i];
    point.x = static_cast<uint16_t>(right - point.x);
    point.angle =
        static_cast<uint8_t>(Keypoint::kUnitsPerTurn / 2 - point.angle);
    MirrorDescriptor(keypoints.Descriptor(i).data(),
                     mirrored.descriptors.data() + i * kDescriptorBytes);
  }
  return mirrored;
}

}  // namespace likeness
