#include "engine/image/tiff_tags.h"

#include <cstddef>

#include "engine/image/byte_reader.h"

namespace likeness {
namespace {

constexpr int kUpright = 1;
constexpr uint32_t kTypeShort = 3;
constexpr uint32_t kTypeLong = 4;
constexpr size_t kEntrySize = 12;

}  // namespace

std::optional<uint32_t> ReadTiffTag(absl::string_view tiff, uint32_t tag) {
  if (tiff.size() < 8) return std::nullopt;
  const bool little = tiff.substr(0, 2) == "II";
  if (!little && tiff.substr(0, 2) != "MM") return std::nullopt;
  const auto read16 = [&](size_t at) {
    return little ? LittleEndian16(tiff, at) : BigEndian16(tiff, at);
  };
  const auto read32 = [&](size_t at) {
    return little ? LittleEndian32(tiff, at) : BigEndian32(tiff, at);
  };
  // BigTIFF (43) has another layout.
  if (read16(2) != 42) return std::nullopt;

  const size_t directory = read32(4);
  if (directory > tiff.size() - 2) return std::nullopt;
  const size_t entries = read16(directory);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + i * kEntrySize;
    if (entry > tiff.size() || tiff.size() - entry < kEntrySize) break;
    if (read16(entry) != tag) continue;
    const uint32_t type = read16(entry + 2);
    const uint32_t count = read32(entry + 4);
    if (type == kTypeShort && count >= 1 && count <= 2) {
      return read16(entry + 8);
    }
    if (type == kTypeLong && count == 1) return read32(entry + 8);
    return std::nullopt;
  }
  return std::nullopt;
}

int ReadExifOrientation(absl::string_view tiff) {
  const uint32_t value = ReadTiffTag(tiff, kTiffOrientation).value_or(kUpright);
  return value >= 1 && value <= 8 ? static_cast<int>(value) : kUpright;
}

}  // namespace likeness
