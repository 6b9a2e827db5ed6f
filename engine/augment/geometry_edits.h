// Edits of where a picture's points lie. Strengths are in the units of
// Transform; 0 hands the same pixels back. All work through Warp.
#ifndef LIKENESS_ENGINE_AUGMENT_GEOMETRY_EDITS_H_
#define LIKENESS_ENGINE_AUGMENT_GEOMETRY_EDITS_H_

#include <array>

#include "absl/status/statusor.h"
#include "engine/augment/warp.h"
#include "engine/core/random.h"
#include "engine/image/image.h"

namespace likeness {

// The strengths of the transforms of geometry, as Transform states them.
struct GeometryEdit {
  double crop = 0;
  double aspect = 0;
  double zoom = 0;
  double flip = 0;
  double quarter_turn = 0;
  double turn = 0;
  double rotation = 0;
  double perspective = 0;
  double scale = 0;
  double shear = 0;
  double bend = 0;

  // INVALID_ARGUMENT naming the strength that is out of its range.
  absl::Status Validate() const;
};

// What `edit` shows of a picture of width x height pixels; the place of the
// crop, the moves of the corners, the bend and the ground are drawn.
absl::StatusOr<Geometry> DrawGeometry(const GeometryEdit& edit, int width,
                                      int height, Random& random);

// The picture under `edit`, in its natural size.
absl::StatusOr<Image> EditGeometry(const Image& image, const GeometryEdit& edit,
                                   Random& random);

// One edit alone. INVALID_ARGUMENT for a picture without pixels and for a
// strength out of its range.
absl::StatusOr<Image> Crop(const Image& image, double share, Random& random);
absl::StatusOr<Image> Zoom(const Image& image, double log2_factor,
                           Random& random);
absl::StatusOr<Image> Turn(const Image& image, double degrees, Random& random);
absl::StatusOr<Image> QuarterTurn(const Image& image, int turns);
absl::StatusOr<Image> Rotate(const Image& image, double degrees);
absl::StatusOr<Image> Perspective(const Image& image, double share,
                                  Random& random);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_GEOMETRY_EDITS_H_
