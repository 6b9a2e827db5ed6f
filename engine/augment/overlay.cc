#include "engine/augment/overlay.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "engine/augment/canvas.h"
#include "engine/augment/transform.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr absl::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!?.%-:";

// A box over `share` of the area, 2:1 to 1:2 against the picture's shape where
// that fits, anywhere inside.
Box DrawBox(const Image& image, double share, Random& random) {
  const double spread = std::exp2(random.Uniform(-0.5, 0.5));
  const double across = std::clamp(std::sqrt(share) * spread, share, 1.0);
  const auto length = [](double part, int whole) {
    const int exact = static_cast<int>(std::lround(part * whole));
    return std::clamp(exact, 1, whole);
  };
  Box box;
  box.width = length(across, image.width());
  box.height = length(share / across, image.height());
  const auto place = [&random](int room) {
    return static_cast<int>(random.Below(static_cast<size_t>(room) + 1));
  };
  box.left = place(image.width() - box.width);
  box.top = place(image.height() - box.height);
  return box;
}

std::string DrawWord(Random& random) {
  std::string word(2 + random.Below(9), ' ');
  for (char& letter : word) letter = kLetters[random.Below(kLetters.size())];
  return word;
}

}  // namespace

absl::Status Erase(Image& image, double share, Random& random) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kErase, share));
  if (share == 0) return absl::OkStatus();
  const Box box = DrawBox(image, share, random);
  FillBox(image, box, RandomColour(random));
  return absl::OkStatus();
}

absl::Status Cover(Image& image, double share, OtherPictures others,
                   Random& random) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kCover, share));
  if (share == 0) return absl::OkStatus();
  const Box box = DrawBox(image, share, random);
  if (others.empty()) {
    FillBox(image, box, RandomColour(random));
    return absl::OkStatus();
  }
  return FillWithPicture(image, box, *others[random.Below(others.size())]);
}

absl::Status OverlayShape(Image& image, double share, Random& random) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kShape, share));
  if (share == 0) return absl::OkStatus();
  const int shorter = std::min(image.width(), image.height());
  const int side = std::max(1, static_cast<int>(std::lround(share * shorter)));
  const auto place = [&](int whole) {
    return static_cast<int>(
        random.Below(static_cast<size_t>(std::max(0, whole - side)) + 1));
  };
  Box box = {.width = side, .height = side};
  box.left = place(image.width());
  box.top = place(image.height());
  const auto kind = static_cast<ShapeKind>(random.Below(kShapeKinds));
  const Colour colour = RandomColour(random);
  FillShape(image, box, kind, colour, random.Uniform(0.6, 1));
  return absl::OkStatus();
}

absl::Status OverlayText(Image& image, double share, Random& random) {
  RETURN_IF_ERROR(CheckEdit(image, Transform::kText, share));
  if (share == 0) return absl::OkStatus();
  const int shorter = std::min(image.width(), image.height());
  const int height =
      std::max(3, static_cast<int>(std::lround(share * shorter)));
  const size_t lines = 1 + random.Below(3);
  const Colour colour = RandomGround(random);
  const double opacity = random.Uniform(0.6, 1);
  const int tall = static_cast<int>(lines) * height * 4 / 3;
  int top = static_cast<int>(random.Below(
      static_cast<size_t>(std::max(1, image.height() - tall + 1))));
  for (size_t i = 0; i < lines; ++i) {
    const std::string word = DrawWord(random);
    const int room = image.width() - TextWidth(height, word);
    const int left = static_cast<int>(
        random.Below(static_cast<size_t>(std::max(1, room + 1))));
    DrawText(image, left, top, height, word, colour, opacity);
    top += height * 4 / 3;
  }
  return absl::OkStatus();
}

}  // namespace likeness
