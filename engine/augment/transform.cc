#include "engine/augment/transform.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"

namespace likeness {
namespace {

struct Info {
  absl::string_view name;
  StrengthLimits limits;
};

// In the order of the enumeration.
constexpr std::array<Info, kTransformCount> kInfos = {{
    {"crop", {0, 0.95}},       {"aspect", {-1, 1}},
    {"zoom", {-3, 3}},         {"flip", {0, 1}},
    {"quarter_turn", {0, 3}},  {"turn", {-180, 180}},
    {"rotation", {-180, 180}}, {"perspective", {0, 0.3}},
    {"brightness", {-1, 2}},   {"contrast", {-1, 2}},
    {"saturation", {-1, 2}},   {"hue", {-180, 180}},
    {"grey", {0, 1}},          {"erase", {0, 0.9}},
    {"cover", {0, 0.9}},       {"shape", {0, 0.9}},
    {"text", {0, 0.5}},        {"screenshot", {0, 0.6}},
    {"collage", {0, 0.85}},    {"letterbox", {0, 0.8}},
    {"border", {0, 0.4}},      {"pixelate", {0, 0.25}},
    {"resize", {0, 0.95}},     {"blur", {0, 0.1}},
    {"noise", {0, 128}},       {"jpeg", {0, 99}},
    {"scale", {-2, 2}},        {"shear", {-1, 1}},
    {"bend", {0, 0.3}},        {"ink", {-1, 1}},
}};

constexpr std::array<Transform, kTransformCount> kAll = [] {
  std::array<Transform, kTransformCount> all{};
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Transform>(i);
  return all;
}();
static_assert(kAll.back() == Transform::kInk);

const Info& InfoOf(Transform transform) {
  return kInfos[static_cast<size_t>(transform)];
}

}  // namespace

absl::Span<const Transform> AllTransforms() { return kAll; }

absl::string_view TransformName(Transform transform) {
  return InfoOf(transform).name;
}

StrengthLimits LimitsOf(Transform transform) {
  return InfoOf(transform).limits;
}

absl::Status CheckStrength(Transform transform, double strength) {
  const auto [low, high] = LimitsOf(transform);
  if (strength >= low && strength <= high) return absl::OkStatus();
  return InvalidField(TransformName(transform),
                      absl::StrCat(strength, " is not in ", low, "..", high));
}

absl::Status CheckEdit(const Image& image, Transform transform,
                       double strength) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  return CheckStrength(transform, strength);
}

}  // namespace likeness
