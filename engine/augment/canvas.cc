#include "engine/augment/canvas.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "engine/augment/font.h"
#include "engine/core/status_macros.h"
#include "engine/image/resize.h"

namespace likeness {
namespace {

// Columns of a letter with the gap behind it.
constexpr int kAdvance = kGlyphWidth + 1;

uint8_t* PixelAt(Image& image, int x, int y) {
  return image.data() + size_t{3} * (static_cast<size_t>(y) *
                                         static_cast<size_t>(image.width()) +
                                     static_cast<size_t>(x));
}

Box Clip(const Image& image, const Box& box) {
  const int left = std::clamp(box.left, 0, image.width());
  const int top = std::clamp(box.top, 0, image.height());
  const int right = std::clamp(box.left + box.width, left, image.width());
  const int bottom = std::clamp(box.top + box.height, top, image.height());
  return {left, top, right - left, bottom - top};
}

void Blend(uint8_t* rgb, Colour colour, double opacity) {
  const auto mix = [opacity](uint8_t& sample, uint8_t with) {
    sample = static_cast<uint8_t>(
        std::lround(sample + opacity * (static_cast<int>(with) - sample)));
  };
  mix(rgb[0], colour.red);
  mix(rgb[1], colour.green);
  mix(rgb[2], colour.blue);
}

// (u, v) in [-1, 1] x [-1, 1] over the shape's box.
bool IsInside(ShapeKind kind, double u, double v) {
  constexpr double kHole = 0.6;
  switch (kind) {
    case ShapeKind::kRectangle:
      return true;
    case ShapeKind::kEllipse:
      return u * u + v * v <= 1;
    case ShapeKind::kTriangle:
      return std::abs(u) <= (v + 1) / 2;
    case ShapeKind::kRing: {
      const double square = u * u + v * v;
      return square <= 1 && square >= kHole * kHole;
    }
  }
  return false;
}

}  // namespace

Box BoxOf(const Image& image) { return {0, 0, image.width(), image.height()}; }

Colour RandomColour(Random& random) {
  const uint64_t bits = random.Next();
  return {static_cast<uint8_t>(bits), static_cast<uint8_t>(bits >> 8),
          static_cast<uint8_t>(bits >> 16)};
}

Colour RandomGround(Random& random) {
  const Colour colour = RandomColour(random);
  switch (random.Below(4)) {
    case 0:
      return {0, 0, 0};
    case 1:
      return {255, 255, 255};
    case 2:
      return {colour.red, colour.red, colour.red};
    default:
      return colour;
  }
}

void FillShape(Image& image, const Box& box, ShapeKind kind, Colour colour,
               double opacity) {
  const Box part = Clip(image, box);
  for (int y = part.top; y < part.top + part.height; ++y) {
    const double v = 2 * (y + 0.5 - box.top) / box.height - 1;
    uint8_t* rgb = PixelAt(image, part.left, y);
    for (int x = part.left; x < part.left + part.width; ++x, rgb += 3) {
      const double u = 2 * (x + 0.5 - box.left) / box.width - 1;
      if (IsInside(kind, u, v)) Blend(rgb, colour, opacity);
    }
  }
}

void FillBox(Image& image, const Box& box, Colour colour) {
  const Box part = Clip(image, box);
  for (int y = part.top; y < part.top + part.height; ++y) {
    uint8_t* rgb = PixelAt(image, part.left, y);
    for (int x = 0; x < part.width; ++x, rgb += 3) {
      rgb[0] = colour.red;
      rgb[1] = colour.green;
      rgb[2] = colour.blue;
    }
  }
}

void DrawText(Image& image, int left, int top, int height,
              absl::string_view text, Colour colour, double opacity) {
  const Box part = Clip(image, {left, top, TextWidth(height, text), height});
  const double cell = static_cast<double>(height) / kGlyphHeight;
  for (int y = part.top; y < part.top + part.height; ++y) {
    const int row =
        std::min(kGlyphHeight - 1, static_cast<int>((y - top + 0.5) / cell));
    for (int x = part.left; x < part.left + part.width; ++x) {
      const int column = static_cast<int>((x - left + 0.5) / cell);
      const auto letter = static_cast<size_t>(column / kAdvance);
      if (letter >= text.size()) break;
      if (!GlyphHas(text[letter], column % kAdvance, row)) continue;
      Blend(PixelAt(image, x, y), colour, opacity);
    }
  }
}

int TextWidth(int height, absl::string_view text) {
  return static_cast<int>(text.size()) * kAdvance * height / kGlyphHeight;
}

void Paste(Image& image, const Image& picture, int left, int top) {
  const Box part = Clip(image, {left, top, picture.width(), picture.height()});
  if (part.width == 0) return;
  const size_t stride = size_t{3} * static_cast<size_t>(picture.width());
  for (int y = part.top; y < part.top + part.height; ++y) {
    const uint8_t* from = picture.data() +
                          static_cast<size_t>(y - top) * stride +
                          size_t{3} * static_cast<size_t>(part.left - left);
    std::memcpy(PixelAt(image, part.left, y), from,
                size_t{3} * static_cast<size_t>(part.width));
  }
}

absl::Status FillWithPicture(Image& image, const Box& box,
                             const Image& picture) {
  const double scale =
      std::min(static_cast<double>(picture.width()) / box.width,
               static_cast<double>(picture.height()) / box.height);
  Region region = {
      .width = std::min<double>(scale * box.width, picture.width()),
      .height = std::min<double>(scale * box.height, picture.height())};
  region.left = (picture.width() - region.width) / 2;
  region.top = (picture.height() - region.height) / 2;
  ASSIGN_OR_RETURN(const Image part,
                   ResizeRegion(picture, region, box.width, box.height));
  Paste(image, part, box.left, box.top);
  return absl::OkStatus();
}

}  // namespace likeness
