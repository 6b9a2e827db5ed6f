#include "engine/image/gif_frame.h"

#include <cstddef>
#include <cstdint>

#include "engine/image/byte_reader.h"

namespace likeness {
namespace {

constexpr size_t kHeader = 13;  // Signature and logical screen descriptor.
constexpr uint8_t kExtension = 0x21;
constexpr uint8_t kImage = 0x2c;

// Bytes of the colour table that packed field `flags` announces.
size_t TableSize(uint8_t flags) {
  return (flags & 0x80) != 0 ? size_t{3} << ((flags & 7) + 1) : 0;
}

// The offset behind the chain of sub-blocks at `at`.
size_t SkipBlocks(absl::string_view bytes, size_t at) {
  while (at < bytes.size() && bytes[at] != '\0') {
    at += size_t{Byte(bytes, at)} + 1;
  }
  return at + 1;
}

}  // namespace

GifFrame ReadFirstGifFrame(absl::string_view bytes) {
  if (bytes.size() < kHeader) return {};
  size_t at = kHeader + TableSize(Byte(bytes, 10));
  while (at + 10 <= bytes.size()) {
    const uint8_t block = Byte(bytes, at);
    if (block == kImage) {
      return {.left = static_cast<int>(LittleEndian16(bytes, at + 1)),
              .top = static_cast<int>(LittleEndian16(bytes, at + 3)),
              .width = static_cast<int>(LittleEndian16(bytes, at + 5)),
              .height = static_cast<int>(LittleEndian16(bytes, at + 7))};
    }
    if (block != kExtension) return {};
    at = SkipBlocks(bytes, at + 2);
  }
  return {};
}

}  // namespace likeness
