#include "engine/image/colour.h"

#include <lcms2.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace likeness {
namespace {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using ProfileHandle = std::unique_ptr<void, CloseProfile>;

struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using TransformHandle = std::unique_ptr<void, DeleteTransform>;

cmsColorSpaceSignature SpaceOf(int channels) {
  if (channels == 1) return cmsSigGrayData;
  return channels == 3 ? cmsSigRgbData : cmsSigCmykData;
}

cmsUInt32Number FormatOf(SampleLayout layout) {
  switch (layout.channels) {
    case 1:
      return layout.wide ? TYPE_GRAY_16 : TYPE_GRAY_8;
    case 3:
      return layout.wide ? TYPE_RGB_16 : TYPE_RGB_8;
    default:
      return layout.wide ? TYPE_CMYK_16 : TYPE_CMYK_8;
  }
}

TransformHandle MakeTransform(absl::string_view icc, SampleLayout layout) {
  const ProfileHandle from(cmsOpenProfileFromMem(
      icc.data(), static_cast<cmsUInt32Number>(icc.size())));
  if (from == nullptr ||
      cmsGetColorSpace(from.get()) != SpaceOf(layout.channels)) {
    return nullptr;
  }
  const ProfileHandle to(cmsCreate_sRGBProfile());
  if (to == nullptr) return nullptr;
  return TransformHandle(
      cmsCreateTransform(from.get(), FormatOf(layout), to.get(), TYPE_RGB_8,
                         INTENT_PERCEPTUAL, cmsFLAGS_NOCACHE));
}

// Whether an 8-bit RGB transform leaves colours where they are, to within the
// rounding of profiles: probed on a coarse lattice of the cube.
bool LeavesRgbAlone(cmsHTRANSFORM transform) {
  constexpr int kSteps = 6;
  constexpr int kTolerance = 2;
  std::array<uint8_t, size_t{3} * kSteps * kSteps * kSteps> before;
  size_t at = 0;
  for (int r = 0; r < kSteps; ++r) {
    for (int g = 0; g < kSteps; ++g) {
      for (int b = 0; b < kSteps; ++b) {
        before[at++] = static_cast<uint8_t>(r * 255 / (kSteps - 1));
        before[at++] = static_cast<uint8_t>(g * 255 / (kSteps - 1));
        before[at++] = static_cast<uint8_t>(b * 255 / (kSteps - 1));
      }
    }
  }
  std::array<uint8_t, before.size()> after;
  cmsDoTransform(transform, before.data(), after.data(), before.size() / 3);
  for (size_t i = 0; i < before.size(); ++i) {
    if (std::abs(before[i] - after[i]) > kTolerance) return false;
  }
  return true;
}

bool MeansSrgb(absl::string_view icc) {
  const TransformHandle probe = MakeTransform(icc, SampleLayout{});
  return probe != nullptr && LeavesRgbAlone(probe.get());
}

// The plain formulas, for samples of either width.
uint8_t To8(uint8_t sample) { return sample; }
uint8_t To8(uint16_t sample) { return Narrow(sample); }

template <typename Sample>
void ConvertPlain(const Sample* from, int channels, uint8_t* rgb,
                  size_t pixels) {
  if (channels == 1) {
    for (size_t i = 0; i < pixels; ++i, rgb += 3) {
      std::memset(rgb, To8(from[i]), 3);
    }
  } else if (channels == 3) {
    for (size_t i = 0; i < 3 * pixels; ++i) rgb[i] = To8(from[i]);
  } else {
    // Without a profile the inks are unknown: ideal ones, as Pillow and most
    // browsers assume.
    for (size_t i = 0; i < pixels; ++i, from += 4, rgb += 3) {
      const int light = 255 - To8(from[3]);
      for (int c = 0; c < 3; ++c) {
        rgb[c] =
            static_cast<uint8_t>(((255 - To8(from[c])) * light + 127) / 255);
      }
    }
  }
}

}  // namespace

struct ColourConverter::Profile {
  TransformHandle transform;
};

ColourConverter::ColourConverter(absl::string_view icc, SampleLayout layout)
    : layout_(layout) {
  if (icc.empty()) return;
  if (layout.channels == 3 && MeansSrgb(icc)) return;
  TransformHandle transform = MakeTransform(icc, layout);
  if (transform == nullptr) return;
  profile_ = std::make_unique<Profile>(Profile{std::move(transform)});
}

ColourConverter::~ColourConverter() = default;

bool ColourConverter::IsIdentity() const {
  return profile_ == nullptr && layout_.channels == 3 && !layout_.wide;
}

void ColourConverter::Convert(const void* samples, uint8_t* rgb,
                              size_t pixels) const {
  if (profile_ != nullptr) {
    cmsDoTransform(profile_->transform.get(), samples, rgb,
                   static_cast<cmsUInt32Number>(pixels));
  } else if (layout_.wide) {
    ConvertPlain(static_cast<const uint16_t*>(samples), layout_.channels, rgb,
                 pixels);
  } else {
    ConvertPlain(static_cast<const uint8_t*>(samples), layout_.channels, rgb,
                 pixels);
  }
}

}  // namespace likeness
