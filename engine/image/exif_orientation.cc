#include "engine/image/exif_orientation.h"

#include <cstddef>
#include <cstdint>

#include "engine/image/byte_reader.h"

namespace likeness {
namespace {

constexpr int kUpright = 1;
constexpr uint32_t kOrientationTag = 0x0112;
constexpr uint32_t kTypeShort = 3;
constexpr uint32_t kTypeLong = 4;
constexpr size_t kEntrySize = 12;

}  // namespace

int ReadExifOrientation(absl::string_view tiff) {
  if (tiff.size() < 8) return kUpright;
  const bool little = tiff.substr(0, 2) == "II";
  if (!little && tiff.substr(0, 2) != "MM") return kUpright;
  const auto read16 = [&](size_t at) {
    return little ? LittleEndian16(tiff, at) : BigEndian16(tiff, at);
  };
  const auto read32 = [&](size_t at) {
    return little ? LittleEndian32(tiff, at) : BigEndian32(tiff, at);
  };

  const size_t directory = read32(4);
  if (directory > tiff.size() - 2) return kUpright;
  const size_t entries = read16(directory);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * kEntrySize;
    if (entry > tiff.size() || tiff.size() - entry < kEntrySize) break;
    if (read16(entry) != kOrientationTag) continue;
    const uint32_t type = read16(entry + 2);
    if (read32(entry + 4) != 1) return kUpright;
    uint32_t value = 0;
    if (type == kTypeShort) value = read16(entry + 8);
    if (type == kTypeLong) value = read32(entry + 8);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : kUpright;
  }
  return kUpright;
}

}  // namespace likeness
