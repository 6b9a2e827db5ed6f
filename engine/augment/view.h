// Random views of pictures: what training sees.
#ifndef LIKENESS_ENGINE_AUGMENT_VIEW_H_
#define LIKENESS_ENGINE_AUGMENT_VIEW_H_

#include "absl/status/statusor.h"
#include "engine/augment/overlay.h"
#include "engine/augment/transform.h"
#include "engine/augment/view_recipe.h"
#include "engine/core/random.h"
#include "engine/image/image.h"
#include "engine/image/prepare.h"

namespace likeness {

// A view of side x side pixels, fitted as the model bundle says. The transforms
// of `recipe` that chance picks are applied in the order of Transform; all
// geometry is one resampling. With nothing picked, the pixels are those that
// indexing and serving give the network (engine/image/prepare.h) for the same
// decoded picture.
//
// `others`: pictures to cover it and to put beside it; may be empty. A function
// of its arguments and the numbers of `random` alone. Thread-safe as long as
// each thread has its own `random`. INVALID_ARGUMENT for a picture without
// pixels, a side out of 1..4096, and a recipe that Validate refuses.
absl::StatusOr<Image> MakeView(const Image& picture, OtherPictures others,
                               const ViewRecipe& recipe, int side, Fit fit,
                               Random& random);

// One transform alone, on the whole picture in its natural size: what the
// evaluation of copies states its edits with. At strength 0 the same pixels.
// kAspect, which is about how a view is cut, cuts the picture's longer
// direction. INVALID_ARGUMENT, blaming the transform, for a strength out of its
// range.
absl::StatusOr<Image> ApplyTransform(const Image& picture, Transform transform,
                                     double strength, OtherPictures others,
                                     Random& random);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_AUGMENT_VIEW_H_
