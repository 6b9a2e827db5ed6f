#include "engine/embed/precision.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/distance.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr float kTwoPi = 6.2831853F;
constexpr float kWhite = 255.0F;
constexpr int kScenes = 4;         // What stands before the waves.
constexpr int kWavesAnOctave = 2;  // From 1 to 64 cycles a side.

using Colour = std::array<float, 3>;

// A picture being painted, in levels of 0..255 that may yet overshoot.
class Canvas {
 public:
  Canvas(int side, uint32_t seed)
      : side_(side),
        random_(seed),
        levels_(static_cast<size_t>(side) * static_cast<size_t>(side),
                DrawColour()) {}

  // Waves of amplitude 60 / cycles^falloff over the whole picture.
  void AddWaves(float falloff) {
    for (float cycles = 1; cycles <= 64; cycles *= 2) {
      for (int i = 0; i < kWavesAnOctave; ++i) {
        AddWave(cycles, 60.0F / std::pow(cycles, falloff));
      }
    }
  }

  // A flat disc somewhere.
  void AddDisc() {
    const float x0 = Draw(0.2F, 0.8F);
    const float y0 = Draw(0.2F, 0.8F);
    const float radius = Draw(0.1F, 0.3F);
    Fill(DrawColour(),
         [=](float x, float y) { return std::hypot(x - x0, y - y0) < radius; });
  }

  // A flat bar across the picture at a slant.
  void AddBar() {
    const float angle = Draw(0, kTwoPi);
    const float offset = Draw(-0.3F, 0.3F);
    const float width = Draw(0.05F, 0.15F);
    Fill(DrawColour(), [=](float x, float y) {
      return std::abs((x - 0.5F) * std::cos(angle) +
                      (y - 0.5F) * std::sin(angle) - offset) < width / 2;
    });
  }

  // White all round an upright oval in the middle.
  void CutOut() {
    Fill({kWhite, kWhite, kWhite}, [](float x, float y) {
      return std::hypot((x - 0.5F) / 0.3F, (y - 0.5F) / 0.4F) > 1;
    });
  }

  NetworkInput ToInput() const {
    NetworkInput input{Image(side_, side_), {}};
    uint8_t* out = input.pixels.data();
    for (const Colour& pixel : levels_) {
      for (const float level : pixel) {
        *out++ = static_cast<uint8_t>(std::clamp(level, 0.0F, kWhite));
      }
    }
    return input;
  }

 private:
  float Draw(float low, float high) {
    // The standard fixes this generator's sequence, but no distribution's.
    const auto unit = static_cast<float>(random_()) * 0x1p-32F;
    return low + (high - low) * unit;
  }
  Colour DrawColour() {
    const float red = Draw(30, 225);
    const float green = Draw(30, 225);
    return {red, green, Draw(30, 225)};
  }

  void AddWave(float cycles, float amplitude) {
    const float angle = Draw(0, kTwoPi);
    const float phase = Draw(0, kTwoPi);
    Colour tint{};
    for (float& part : tint) part = amplitude * Draw(0.5F, 1);
    const float step = kTwoPi * cycles / static_cast<float>(side_);
    const float dx = step * std::cos(angle);
    const float dy = step * std::sin(angle);
    Colour* pixel = levels_.data();
    for (int y = 0; y < side_; ++y) {
      for (int x = 0; x < side_; ++x, ++pixel) {
        const float wave = std::sin(dx * static_cast<float>(x) +
                                    dy * static_cast<float>(y) + phase);
        for (size_t c = 0; c < pixel->size(); ++c) {
          (*pixel)[c] += tint[c] * wave;
        }
      }
    }
  }

  // Paints where `covers(x, y)`, both 0..1.
  template <typename Covers>
  void Fill(const Colour& colour, const Covers& covers) {
    const auto side = static_cast<float>(side_);
    Colour* pixel = levels_.data();
    for (int y = 0; y < side_; ++y) {
      for (int x = 0; x < side_; ++x, ++pixel) {
        if (covers(static_cast<float>(x) / side,
                   static_cast<float>(y) / side)) {
          *pixel = colour;
        }
      }
    }
  }

  const int side_;
  std::mt19937 random_;
  std::vector<Colour> levels_;
};

}  // namespace

std::vector<NetworkInput> ProbePictures(int side) {
  std::vector<NetworkInput> pictures;
  for (const float falloff : {1.0F, 0.5F}) {
    for (int scene = 0; scene < kScenes; ++scene) {
      Canvas canvas(side, static_cast<uint32_t>(pictures.size() + 1));
      canvas.AddWaves(falloff);
      for (int i = 0; i < 3; ++i) {
        if (scene == 1) canvas.AddDisc();
        if (scene == 2) canvas.AddBar();
      }
      if (scene == 3) canvas.CutOut();
      pictures.push_back(canvas.ToInput());
    }
  }
  return pictures;
}

absl::StatusOr<float> SmallestProbeCosine(const Embedder& a,
                                          const Embedder& b) {
  const std::vector<NetworkInput> probes = ProbePictures(a.model().input_side);
  ASSIGN_OR_RETURN(const std::vector<Embedding> from_a, a.Embed(probes));
  ASSIGN_OR_RETURN(const std::vector<Embedding> from_b, b.Embed(probes));
  float smallest = 1;
  for (size_t i = 0; i < probes.size(); ++i) {
    for (const Space space : kAllSpaces) {
      const std::vector<float>& x = from_a[i].vectors[space];
      const std::vector<float>& y = from_b[i].vectors[space];
      const float cosine = x.size() == y.size() ? CosineSimilarity(x, y) : NAN;
      if (!std::isfinite(cosine)) {
        return absl::InternalError(
            absl::StrCat("probe picture ", i, ": no cosine between vectors of ",
                         x.size(), " and ", y.size(), " numbers"));
      }
      smallest = std::min(smallest, cosine);
    }
  }
  return smallest;
}

bool Agree(const Embedder& a, const Embedder& b) {
  const absl::StatusOr<float> smallest = SmallestProbeCosine(a, b);
  return smallest.ok() && *smallest >= kMinAgreement;
}

std::unique_ptr<Embedder> FastIfProven(
    std::unique_ptr<Embedder> exact,
    absl::StatusOr<std::unique_ptr<Embedder>> fast) {
  if (fast.ok() && Agree(*exact, **fast)) return *std::move(fast);
  return exact;
}

}  // namespace likeness
