#include "engine/evaluate/copy_edits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "engine/augment/view.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"
#include "engine/image/encode.h"

namespace likeness {
namespace {

constexpr int kMildQuality = 95;  // Of the file; hardly an edit of its own.
constexpr int kStrongQuality = 60;

constexpr std::array kMild = {
    CopyEdit{Transform::kJpeg, 70, 70},      // Quality 30.
    CopyEdit{Transform::kResize, 0.5, 0.5},  // Half of each side lost.
    CopyEdit{Transform::kCrop, 0.2, 0.2},    // A fifth of the area.
    CopyEdit{Transform::kBrightness, 0.3, 0.3},
    CopyEdit{Transform::kBrightness, -0.3, -0.3},
    CopyEdit{Transform::kContrast, 0.4, 0.4},
    CopyEdit{Transform::kSaturation, -0.5, -0.5},
    CopyEdit{Transform::kBorder, 0.08, 0.08},
    CopyEdit{Transform::kLetterbox, 0.2, 0.2},
    CopyEdit{Transform::kBlur, 0.008, 0.008},
    CopyEdit{Transform::kText, 0.08, 0.08},
    CopyEdit{Transform::kRotation, 3, 3},
};

constexpr std::array kStrong = {
    CopyEdit{Transform::kCrop, 0.3, 0.55},
    CopyEdit{Transform::kZoom, 0.4, 0.8, /*either_sign=*/true},
    CopyEdit{Transform::kFlip, 1, 1},
    CopyEdit{Transform::kTurn, 15, 45, /*either_sign=*/true},
    CopyEdit{Transform::kPerspective, 0.08, 0.18},
    CopyEdit{Transform::kBrightness, 0.25, 0.5, /*either_sign=*/true},
    CopyEdit{Transform::kHue, 20, 60, /*either_sign=*/true},
    CopyEdit{Transform::kGrey, 1, 1},
    CopyEdit{Transform::kCover, 0.15, 0.3},
    CopyEdit{Transform::kText, 0.1, 0.2},
    CopyEdit{Transform::kScreenshot, 0.2, 0.35},
    CopyEdit{Transform::kCollage, 0.35, 0.55},
    CopyEdit{Transform::kPixelate, 0.012, 0.03},
    CopyEdit{Transform::kBlur, 0.01, 0.02},
    CopyEdit{Transform::kNoise, 12, 30},
};

// Applies `edits` in turn.
absl::StatusOr<EditedCopy> MakeCopy(const Image& picture,
                                    absl::Span<const CopyEdit> edits,
                                    OtherPictures others, int quality,
                                    Random& random) {
  EditedCopy copy;
  Image image = picture.Clone();
  for (const CopyEdit& edit : edits) {
    double strength = random.Uniform(edit.low, edit.high);
    if (edit.either_sign && random.Chance(0.5)) strength = -strength;
    ASSIGN_OR_RETURN(
        image, ApplyTransform(image, edit.transform, strength, others, random));
    absl::StrAppendFormat(&copy.edits, "%s%s %.3g",
                          copy.edits.empty() ? "" : ", ",
                          TransformName(edit.transform), strength);
  }
  ASSIGN_OR_RETURN(copy.jpeg, EncodeJpeg(image, quality));
  return copy;
}

}  // namespace

absl::Span<const CopyEdit> MildEdits() { return kMild; }
absl::Span<const CopyEdit> StrongEdits() { return kStrong; }

absl::StatusOr<EditedCopy> MakeMildCopy(const Image& picture, size_t edit,
                                        OtherPictures others, uint64_t seed) {
  if (edit >= kMild.size()) return InvalidField("edit", "there is no such one");
  Random random(seed);
  return MakeCopy(picture, absl::MakeConstSpan(kMild).subspan(edit, 1), others,
                  kMildQuality, random);
}

absl::StatusOr<EditedCopy> MakeStrongCopy(const Image& picture,
                                          OtherPictures others, uint64_t seed) {
  Random random(seed);
  std::vector<size_t> chosen(kStrong.size());
  std::iota(chosen.begin(), chosen.end(), size_t{0});
  random.Shuffle(chosen);
  chosen.resize(kFewestStrongEdits +
                random.Below(kMostStrongEdits - kFewestStrongEdits + 1));
  // In the order of Transform: geometry, colours, what is put upon, around,
  // pixels.
  std::sort(chosen.begin(), chosen.end());
  std::vector<CopyEdit> edits;
  edits.reserve(chosen.size());
  for (const size_t index : chosen) edits.push_back(kStrong[index]);
  return MakeCopy(picture, edits, others, kStrongQuality, random);
}

}  // namespace likeness
