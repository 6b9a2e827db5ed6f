// The stated edits that copy detection is judged with. Changing them changes
// what every figure means: docs/evaluation.md lists them.
#ifndef LIKENESS_ENGINE_EVALUATE_COPY_EDITS_H_
#define LIKENESS_ENGINE_EVALUATE_COPY_EDITS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "engine/augment/overlay.h"
#include "engine/augment/transform.h"
#include "engine/image/image.h"

namespace likeness {

// One edit, at a strength drawn evenly from low..high (in the transform's
// units, engine/augment/transform.h); where `either_sign`, negative as often.
struct CopyEdit {
  Transform transform;
  double low;
  double high;
  bool either_sign = false;
};

// A mild copy has one of these, at one strength.
absl::Span<const CopyEdit> MildEdits();

// A strong copy has kFewestStrongEdits to kMostStrongEdits different ones of
// these, each as likely, and is stored as JPEG of quality 60 at last.
absl::Span<const CopyEdit> StrongEdits();
inline constexpr size_t kFewestStrongEdits = 3;
inline constexpr size_t kMostStrongEdits = 5;

struct EditedCopy {
  std::string edits;  // "collage 0.52, turn -31", in the order applied.
  std::string jpeg;   // The copy as a file.
};

// `edit`: number of the mild edit. `others`: pictures to cover with and to put
// beside. The same arguments give the same bytes. Errors are ApplyTransform's.
absl::StatusOr<EditedCopy> MakeMildCopy(const Image& picture, size_t edit,
                                        OtherPictures others, uint64_t seed);
absl::StatusOr<EditedCopy> MakeStrongCopy(const Image& picture,
                                          OtherPictures others, uint64_t seed);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EVALUATE_COPY_EDITS_H_
