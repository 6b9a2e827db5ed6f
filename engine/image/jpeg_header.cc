#include "engine/image/jpeg_header.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/image/byte_reader.h"
#include "engine/image/picture_error.h"
#include "engine/image/tiff_tags.h"

namespace likeness {
namespace {

constexpr uint8_t kStartOfImage = 0xd8;
constexpr uint8_t kEndOfImage = 0xd9;
constexpr uint8_t kStartOfScan = 0xda;
constexpr uint8_t kExif = 0xe1;
constexpr uint8_t kIcc = 0xe2;
constexpr uint8_t kAdobe = 0xee;

constexpr absl::string_view kExifMagic("Exif\0\0", 6);
constexpr absl::string_view kIccMagic("ICC_PROFILE\0", 12);

// Markers that stand alone, without a length.
bool IsBare(uint8_t marker) {
  return marker == 0x01 || (marker >= 0xd0 && marker <= kStartOfImage);
}

bool IsFrame(uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
         marker != 0xcc;
}

struct Segment {
  uint8_t marker = 0;
  absl::string_view payload;
  size_t end = 0;  // Offset of what follows.
};

// The next marker at or after `at`; bytes before it are skipped, as every
// decoder does. None at the end of the bytes.
std::optional<Segment> NextSegment(absl::string_view bytes, size_t at) {
  while (true) {
    at = bytes.find('\xff', at);
    if (at == absl::string_view::npos) return std::nullopt;
    while (at < bytes.size() && Byte(bytes, at) == 0xff) ++at;
    if (at >= bytes.size()) return std::nullopt;
    if (bytes[at] != '\0') break;
  }
  Segment segment;
  segment.marker = Byte(bytes, at);
  segment.end = at + 1;
  if (IsBare(segment.marker) || segment.marker == kEndOfImage) return segment;
  if (bytes.size() - segment.end < 2) return std::nullopt;
  const size_t length = BigEndian16(bytes, segment.end);
  if (length < 2 || bytes.size() - segment.end < length) return std::nullopt;
  segment.payload = bytes.substr(segment.end + 2, length - 2);
  segment.end += length;
  return segment;
}

absl::Status ReadFrame(const Segment& segment, JpegHeader* header) {
  if (segment.payload.size() < 6) {
    return CorruptPicture(ImageFormat::kJpeg, "the frame header is too short");
  }
  // Baseline, extended and progressive, with Huffman (c0-c2) or arithmetic
  // coding (c9, ca).
  const uint8_t process = segment.marker;
  const bool decodable = process <= 0xc2 || process == 0xc9 || process == 0xca;
  if (!decodable) return UnsupportedPicture("lossless or hierarchical JPEG");
  const int precision = Byte(segment.payload, 0);
  if (precision != 8) {
    return UnsupportedPicture(absl::StrCat("JPEG of ", precision, " bits"));
  }
  header->height = static_cast<int>(BigEndian16(segment.payload, 1));
  header->width = static_cast<int>(BigEndian16(segment.payload, 3));
  header->components = Byte(segment.payload, 5);
  if (header->height == 0) {
    return UnsupportedPicture("JPEG that states its height after the pixels");
  }
  if (header->components != 1 && header->components != 3 &&
      header->components != 4) {
    return UnsupportedPicture(
        absl::StrCat("JPEG of ", header->components, " components"));
  }
  return absl::OkStatus();
}

// Chunks of a profile come in any order, numbered from 1, each naming the
// total.
class IccChunks {
 public:
  void Add(absl::string_view payload) {
    const int number = Byte(payload, kIccMagic.size());
    total_ = Byte(payload, kIccMagic.size() + 1);
    chunks_[number] = payload.substr(kIccMagic.size() + 2);
  }

  std::string Join() const {
    if (chunks_.empty() || static_cast<int>(chunks_.size()) != total_ ||
        chunks_.begin()->first != 1 || chunks_.rbegin()->first != total_) {
      return "";
    }
    std::string joined;
    for (const auto& [number, chunk] : chunks_) {
      joined.append(chunk.data(), chunk.size());
    }
    return joined;
  }

 private:
  std::map<int, absl::string_view> chunks_;
  int total_ = 0;
};

}  // namespace

absl::StatusOr<JpegHeader> ReadJpegHeader(absl::string_view bytes) {
  JpegHeader header;
  IccChunks icc;
  size_t at = 2;  // Behind the start-of-image marker.
  while (true) {
    const std::optional<Segment> segment = NextSegment(bytes, at);
    if (!segment.has_value() || segment->marker == kEndOfImage) {
      return CorruptPicture(ImageFormat::kJpeg, "ends before the first scan");
    }
    const absl::string_view payload = segment->payload;
    if (segment->marker == kStartOfScan) break;
    if (IsFrame(segment->marker)) {
      RETURN_IF_ERROR(ReadFrame(*segment, &header));
    } else if (segment->marker == kExif &&
               absl::StartsWith(payload, kExifMagic)) {
      header.orientation =
          ReadExifOrientation(payload.substr(kExifMagic.size()));
    } else if (segment->marker == kIcc &&
               absl::StartsWith(payload, kIccMagic) &&
               payload.size() > kIccMagic.size() + 2) {
      icc.Add(payload);
    } else if (segment->marker == kAdobe &&
               absl::StartsWith(payload, "Adobe")) {
      header.adobe = true;
    }
    at = segment->end;
  }
  if (header.components == 0) {
    return CorruptPicture(ImageFormat::kJpeg, "a scan without a frame header");
  }
  header.icc = icc.Join();
  return header;
}

bool HasEndOfImage(absl::string_view bytes) {
  size_t at = 2;
  bool scanned = false;
  while (true) {
    const std::optional<Segment> segment = NextSegment(bytes, at);
    if (!segment.has_value()) return false;
    if (segment->marker == kEndOfImage) return scanned;
    scanned = scanned || segment->marker == kStartOfScan;
    at = segment->end;
  }
}

}  // namespace likeness
