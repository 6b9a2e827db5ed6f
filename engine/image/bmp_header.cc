#include "engine/image/bmp_header.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/image/byte_reader.h"
#include "engine/image/picture_error.h"

namespace likeness {
namespace {

constexpr ImageFormat kFormat = ImageFormat::kBmp;
constexpr size_t kFileHeader = 14;
constexpr size_t kCoreHeader = 12;  // OS/2 1: 16-bit sides, 3-byte palette.
constexpr size_t kOs2Header = 64;   // OS/2 2: its own meaning of compression.
constexpr size_t kInfoHeader = 40;
constexpr size_t kMasks = kFileHeader + kInfoHeader;  // In or behind it.

enum Compression : uint32_t {
  kNone = 0,
  kRle8 = 1,
  kRle4 = 2,
  kBitFields = 3,
  kOs2Rle24 = 4,
  kAlphaBitFields = 6,
};

// Optional fields are zero in headers that are too short to have them.
uint32_t FieldOrZero(absl::string_view bytes, size_t info, size_t at) {
  return at + 4 <= kFileHeader + info ? LittleEndian32(bytes, at) : 0;
}

absl::Status ReadCoding(uint32_t compression, size_t info, BmpHeader* header) {
  const uint32_t depth = header->depth;
  const bool os2 = info == kOs2Header || info == 16;
  bool fits = false;
  if (compression == kNone) {
    fits = depth == 1 || depth == 2 || depth == 4 || depth == 8 ||
           depth == 16 || depth == 24 || depth == 32;
  } else if (compression == kRle8 || compression == kRle4) {
    header->coding = BmpCoding::kRunLengths;
    fits = depth == (compression == kRle8 ? 8U : 4U);
  } else if (os2 && compression == kOs2Rle24) {
    header->coding = BmpCoding::kRunLengths;
    fits = depth == 24;
  } else if (!os2 &&
             (compression == kBitFields || compression == kAlphaBitFields)) {
    fits = depth == 16 || depth == 32;
  } else {
    return UnsupportedPicture(absl::StrCat("BMP of compression ", compression));
  }
  if (fits) return absl::OkStatus();
  return CorruptPicture(
      kFormat,
      absl::StrCat(depth, " bits a pixel with compression ", compression));
}

// A mask is one run of bits; anything else is damage.
bool IsRun(uint32_t mask) {
  if (mask == 0) return true;
  const uint32_t run = mask >> std::countr_zero(mask);
  return (run & (run + 1)) == 0;
}

absl::Status ReadMasks(absl::string_view bytes, uint32_t compression,
                       size_t info, BmpHeader* header) {
  if (compression != kBitFields && compression != kAlphaBitFields) {
    header->masks =
        header->depth == 16
            ? std::array<BmpMask, 4>{{{0x7c00}, {0x3e0}, {0x1f}, {0}}}
            : std::array<BmpMask, 4>{{{0xff0000}, {0xff00}, {0xff}, {0}}};
    return absl::OkStatus();
  }
  const bool alpha = info >= 56 || compression == kAlphaBitFields;
  const size_t count = alpha ? 4 : 3;
  if (bytes.size() < kMasks + 4 * count) {
    return CorruptPicture(kFormat, "ends within its masks");
  }
  for (size_t i = 0; i < count; ++i) {
    header->masks[i].mask = LittleEndian32(bytes, kMasks + 4 * i);
    if (!IsRun(header->masks[i].mask)) {
      return CorruptPicture(kFormat, "a channel's mask has gaps");
    }
  }
  // Masks follow the plain header, and are part of the longer ones.
  if (info == kInfoHeader) header->palette_offset += 4 * count;
  return absl::OkStatus();
}

absl::Status ReadColours(absl::string_view bytes, uint64_t stated,
                         BmpHeader* header) {
  if (header->depth > 8) return absl::OkStatus();
  const size_t most = size_t{1} << header->depth;
  if (header->palette_offset > bytes.size()) {
    return CorruptPicture(kFormat, "ends within its palette");
  }
  const size_t room =
      (bytes.size() - header->palette_offset) / header->palette_stride;
  if (stated > room) {
    return CorruptPicture(kFormat, absl::StrCat("states ", stated, " colours"));
  }
  header->palette_size =
      std::min({most, room, stated == 0 ? most : static_cast<size_t>(stated)});
  return absl::OkStatus();
}

}  // namespace

uint8_t BmpMask::Extract(uint32_t pixel) const {
  if (mask == 0) return 0;
  const int shift = std::countr_zero(mask);
  const uint64_t most = mask >> shift;
  const uint64_t value = (pixel & mask) >> shift;
  return static_cast<uint8_t>((value * 255 + most / 2) / most);
}

absl::StatusOr<BmpHeader> ReadBmpHeader(absl::string_view bytes) {
  const size_t info = LittleEndian32(bytes, kFileHeader);
  if (bytes.size() < kFileHeader + info) {
    return CorruptPicture(kFormat, "ends within its header");
  }
  BmpHeader header;
  header.pixel_offset = LittleEndian32(bytes, 10);
  header.palette_offset = kFileHeader + info;
  header.palette_stride = info == kCoreHeader ? 3 : 4;
  uint32_t compression = kNone;
  uint32_t colours = 0;
  if (info == kCoreHeader) {
    header.width = LittleEndian16(bytes, 18);
    header.height = LittleEndian16(bytes, 20);
    header.depth = LittleEndian16(bytes, 24);
  } else {
    header.width = static_cast<int32_t>(LittleEndian32(bytes, 18));
    const int64_t height = static_cast<int32_t>(LittleEndian32(bytes, 22));
    header.top_down = height < 0;
    header.height = header.top_down ? -height : height;
    header.depth = LittleEndian16(bytes, 28);
    compression = FieldOrZero(bytes, info, 30);
    colours = FieldOrZero(bytes, info, 46);
  }
  RETURN_IF_ERROR(ReadCoding(compression, info, &header));
  RETURN_IF_ERROR(ReadMasks(bytes, compression, info, &header));
  RETURN_IF_ERROR(ReadColours(bytes, colours, &header));
  return header;
}

}  // namespace likeness
