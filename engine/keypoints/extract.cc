#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/features2d.hpp>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/image/resize.h"
#include "engine/keypoints/keypoints.h"

namespace likeness {
namespace {

// Lowe's values but for the contrast, which is low so that dark and faded
// pictures have points too: the strongest are kept anyway.
constexpr int kLayersAnOctave = 3;
constexpr double kContrast = 0.02;
constexpr double kEdge = 10;
constexpr double kSigma = 1.6;

constexpr size_t kToldOctaves = 8;  // That are told apart.

constexpr double kDescriptorUnits = 512;

// The library splits work over threads of its own; callers already run a
// picture on each core. Set once: it is the library's only way to say so.
void UseOneThread() {
  static const bool once = [] {
    cv::setNumThreads(1);
    return true;
  }();
  static_cast<void>(once);
}

// Rec. 601 luma, rounded.
cv::Mat Grey(const Image& image) {
  cv::Mat grey(image.height(), image.width(), CV_8UC1);
  const uint8_t* rgb = image.data();
  for (uint8_t* to = grey.data; to != grey.dataend; ++to, rgb += 3) {
    *to = static_cast<uint8_t>(
        (299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
  }
  return grey;
}

// A total order, so that the kept ones do not depend on how they were found.
bool IsStronger(const cv::KeyPoint& a, const cv::KeyPoint& b) {
  const auto key = [](const cv::KeyPoint& point) {
    return std::tuple(-point.response, point.pt.y, point.pt.x, point.size,
                      point.angle);
  };
  return key(a) < key(b);
}

// 0 for the finest, which is twice the frame's size; coarse ones are rare.
size_t OctaveOf(const cv::KeyPoint& point) {
  const int byte = point.octave & 0xff;  // The low one, in two's complement.
  const int octave = byte < 128 ? byte : byte - 256;
  return static_cast<size_t>(
      std::clamp(octave + 1, 0, static_cast<int>(kToldOctaves) - 1));
}

// The strongest kMaxKeypoints of `points`, which are in that order, but so that
// each octave has its share: the fine ones alone would fill the room, and are
// what blur, pixelation and reduction take away. From the coarsest on, an
// octave gets half of the room that is left; what remains goes to the
// strongest.
std::vector<cv::KeyPoint> KeepAcrossOctaves(
    const std::vector<cv::KeyPoint>& points) {
  if (points.size() <= kMaxKeypoints) return points;
  std::array<size_t, kToldOctaves> room{};
  for (const cv::KeyPoint& point : points) ++room[OctaveOf(point)];
  size_t left = kMaxKeypoints;
  for (size_t octave = kToldOctaves; octave-- > 0;) {
    room[octave] = std::min(room[octave], (left + 1) / 2);
    left -= room[octave];
  }
  std::vector<cv::KeyPoint> kept;
  for (const cv::KeyPoint& point : points) {
    size_t& own = room[OctaveOf(point)];
    if (own > 0) {
      --own;
    } else if (left > 0) {
      --left;
    } else {
      continue;
    }
    kept.push_back(point);
  }
  return kept;
}

uint16_t PlaceUnits(float pixels, int length) {
  const float units = std::clamp(pixels, 0.0F, static_cast<float>(length - 1)) *
                      Keypoint::kUnitsPerPixel;
  return static_cast<uint16_t>(std::lround(units));
}

Keypoint Compact(const cv::KeyPoint& point, int width, int height) {
  const long scale = std::lround(std::log2(point.size) *
                                 static_cast<float>(Keypoint::kUnitsPerOctave));
  const long angle = std::lround(point.angle / 360.0F *
                                 static_cast<float>(Keypoint::kUnitsPerTurn));
  return {.x = PlaceUnits(point.pt.x, width),
          .y = PlaceUnits(point.pt.y, height),
          .scale = static_cast<uint8_t>(std::clamp(scale, 0L, 255L)),
          .angle = static_cast<uint8_t>(angle % Keypoint::kUnitsPerTurn)};
}

void AppendRootSift(const float* sift, std::vector<uint8_t>& descriptors) {
  double sum = 0;
  for (size_t i = 0; i < kDescriptorBytes; ++i) sum += sift[i];
  for (size_t i = 0; i < kDescriptorBytes; ++i) {
    const double root = sum > 0 ? std::sqrt(sift[i] / sum) : 0;
    descriptors.push_back(static_cast<uint8_t>(
        std::min(255L, std::lround(root * kDescriptorUnits))));
  }
}

Keypoints Find(const cv::Mat& grey) {
  const cv::Ptr<cv::SIFT> sift =
      cv::SIFT::create(0, kLayersAnOctave, kContrast, kEdge, kSigma);
  std::vector<cv::KeyPoint> found;
  sift->detect(grey, found);
  std::sort(found.begin(), found.end(), IsStronger);
  found = KeepAcrossOctaves(found);
  Keypoints keypoints{.width = grey.cols, .height = grey.rows};
  if (found.empty()) return keypoints;
  cv::Mat descriptors;
  sift->compute(grey, found, descriptors);
  keypoints.points.reserve(found.size());
  keypoints.descriptors.reserve(found.size() * kDescriptorBytes);
  for (size_t i = 0; i < found.size(); ++i) {
    keypoints.points.push_back(Compact(found[i], grey.cols, grey.rows));
    AppendRootSift(descriptors.ptr<float>(static_cast<int>(i)),
                   keypoints.descriptors);
  }
  return keypoints;
}

}  // namespace

absl::StatusOr<Keypoints> ExtractKeypoints(const Image& image) {
  if (image.empty()) return InvalidField("image", "has no pixels");
  UseOneThread();
  const double factor = static_cast<double>(kKeypointSide) /
                        std::max(image.width(), image.height());
  const auto length = [factor](int side) {
    return std::max(1, static_cast<int>(std::lround(side * factor)));
  };
  ASSIGN_OR_RETURN(const Image frame, Resize(image, length(image.width()),
                                             length(image.height())));
  try {
    return Find(Grey(frame));
  } catch (const cv::Exception& error) {
    return absl::InternalError(
        absl::StrCat("keypoints: OpenCV failed: ", error.what()));
  }
}

}  // namespace likeness
