#include "engine/image/sniff.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "engine/image/byte_reader.h"
#include "engine/image/decode.h"

namespace likeness {
namespace {

using absl::StartsWith;

// A literal that may hold NUL bytes.
template <size_t N>
constexpr absl::string_view Magic(const char (&text)[N]) {
  return absl::string_view(text, N - 1);
}

// The brands of an ISO base media file that decide between HEIC and AVIF:
// major brand first, then the compatible ones (ISO/IEC 23008-12, AV1 Image File
// Format 1.1).
ImageFormat SniffIsoMedia(absl::string_view bytes) {
  if (bytes.size() < 16 || bytes.substr(4, 4) != "ftyp") {
    return ImageFormat::kUnknown;
  }
  const size_t box = BigEndian32(bytes, 0);
  const size_t end = box < bytes.size() ? box : bytes.size();
  for (size_t at = 8; at + 4 <= end; at += 4) {
    if (at == 12) continue;  // The minor version.
    const absl::string_view brand = bytes.substr(at, 4);
    if (brand == "avif" || brand == "avis") return ImageFormat::kAvif;
    if (brand == "heic" || brand == "heix" || brand == "heim" ||
        brand == "heis" || brand == "hevc" || brand == "hevx") {
      return ImageFormat::kHeic;
    }
  }
  return ImageFormat::kUnknown;
}

bool IsBmp(absl::string_view bytes) {
  if (bytes.size() < 18 || !StartsWith(bytes, "BM")) return false;
  // Two letters alone would claim many a text: the info header's size must be
  // one that exists.
  switch (LittleEndian32(bytes, 14)) {
    case 12:
    case 16:
    case 40:
    case 52:
    case 56:
    case 64:
    case 108:
    case 124:
      return true;
    default:
      return false;
  }
}

struct Signature {
  absl::string_view magic;
  absl::string_view name;
};

constexpr std::array kForeign = {
    Signature{Magic("\xff\x0a"), "JPEG XL"},
    Signature{Magic("\0\0\0\x0cJXL \r\n\x87\n"), "JPEG XL"},
    Signature{Magic("\0\0\0\x0cjP  \r\n\x87\n"), "JPEG 2000"},
    Signature{Magic("\xff\x4f\xff\x51"), "JPEG 2000"},
    Signature{Magic("II\xbc\x01"), "JPEG XR"},
    Signature{Magic("8BPS\0\x01"), "Photoshop"},
    Signature{Magic("8BPS\0\x02"), "Photoshop"},
    Signature{Magic("icns"), "ICNS"},
    Signature{Magic("\x76\x2f\x31\x01"), "OpenEXR"},
    Signature{Magic("#?RADIANCE"), "Radiance HDR"},
    Signature{Magic("#?RGBE"), "Radiance HDR"},
    Signature{Magic("farbfeld"), "farbfeld"},
    Signature{Magic("qoif"), "QOI"},
    Signature{Magic("DDS "), "DDS"},
    Signature{Magic("gimp xcf "), "XCF"},
    Signature{Magic("SIMPLE  ="), "FITS"},
    Signature{Magic("BPG\xfb"), "BPG"},
    Signature{Magic("FLIF"), "FLIF"},
    Signature{Magic("\x8aMNG\r\n\x1a\n"), "MNG"},
    Signature{Magic("\x8bJNG\r\n\x1a\n"), "JNG"},
    Signature{Magic("AT&TFORM"), "DjVu"},
    Signature{Magic("%PDF-"), "PDF"},
    Signature{Magic("%!PS"), "PostScript"},
    Signature{Magic("/* XPM */"), "XPM"},
    Signature{Magic("\x01\xda"), "SGI"},
    Signature{Magic("\x59\xa6\x6a\x95"), "Sun raster"},
    Signature{Magic("\xd7\xcd\xc6\x9a"), "WMF"},
};

bool IsNetpbm(absl::string_view bytes) {
  return bytes.size() >= 3 && bytes[0] == 'P' &&
         ((bytes[1] >= '1' && bytes[1] <= '7') || bytes[1] == 'F' ||
          bytes[1] == 'f') &&
         (absl::ascii_isspace(Byte(bytes, 2)) || bytes[2] == '#');
}

// A directory of icons or cursors with at least one entry: what a TGA header,
// which can begin alike, has not.
bool IsIcon(absl::string_view bytes) {
  return bytes.size() >= 6 &&
         (StartsWith(bytes, Magic("\0\0\x01\0")) ||
          StartsWith(bytes, Magic("\0\0\x02\0"))) &&
         LittleEndian16(bytes, 4) > 0;
}

// An XML document whose root is <svg>, looked for in its first kilobyte.
bool IsSvg(absl::string_view bytes) {
  absl::string_view head = bytes.substr(0, 1024);
  absl::ConsumePrefix(&head, "\xef\xbb\xbf");
  head = absl::StripLeadingAsciiWhitespace(head);
  return StartsWith(head, "<") && absl::StrContains(head, "<svg");
}

bool IsPcx(absl::string_view bytes) {
  if (bytes.size() < 128 || bytes[0] != '\x0a') return false;
  const uint8_t version = Byte(bytes, 1);
  const uint8_t depth = Byte(bytes, 3);
  return version <= 5 && version != 1 && Byte(bytes, 2) <= 1 &&
         (depth == 1 || depth == 2 || depth == 4 || depth == 8);
}

// TGA has no signature at its start; version 2 has one at its end, and for
// version 1 every field of the header must be possible.
bool IsTga(absl::string_view bytes) {
  if (absl::EndsWith(bytes, Magic("TRUEVISION-XFILE.\0"))) return true;
  if (bytes.size() < 18) return false;
  const uint8_t map = Byte(bytes, 1);
  const uint8_t type = Byte(bytes, 2);
  const uint8_t depth = Byte(bytes, 16);
  const bool mapped = type == 1 || type == 9;
  const bool known =
      mapped || type == 2 || type == 3 || type == 10 || type == 11;
  const bool depth_ok =
      depth == 8 || depth == 15 || depth == 16 || depth == 24 || depth == 32;
  return known && map <= 1 && (map == 1 || !mapped) && depth_ok &&
         LittleEndian16(bytes, 12) > 0 && LittleEndian16(bytes, 14) > 0 &&
         (Byte(bytes, 17) & 0xc0) == 0;
}

}  // namespace

ImageFormat SniffFormat(absl::string_view bytes) {
  if (StartsWith(bytes, Magic("\xff\xd8\xff"))) return ImageFormat::kJpeg;
  if (StartsWith(bytes, Magic("\x89PNG\r\n\x1a\n"))) return ImageFormat::kPng;
  if (StartsWith(bytes, "GIF87a") || StartsWith(bytes, "GIF89a")) {
    return ImageFormat::kGif;
  }
  if (StartsWith(bytes, "RIFF") && bytes.size() >= 12 &&
      bytes.substr(8, 4) == "WEBP") {
    return ImageFormat::kWebp;
  }
  if (StartsWith(bytes, Magic("II*\0")) || StartsWith(bytes, Magic("MM\0*")) ||
      StartsWith(bytes, Magic("II+\0")) || StartsWith(bytes, Magic("MM\0+"))) {
    return ImageFormat::kTiff;
  }
  if (IsBmp(bytes)) return ImageFormat::kBmp;
  return SniffIsoMedia(bytes);
}

absl::string_view NameOfForeignFormat(absl::string_view bytes) {
  for (const Signature& signature : kForeign) {
    if (StartsWith(bytes, signature.magic)) return signature.name;
  }
  if (IsIcon(bytes)) return "ICO";
  if (IsNetpbm(bytes)) return "Netpbm";
  if (IsSvg(bytes)) return "SVG";
  if (bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp" &&
      (bytes.substr(8, 4) == "mif1" || bytes.substr(8, 4) == "msf1")) {
    return "HEIF with another codec than HEVC or AV1";
  }
  if (IsPcx(bytes)) return "PCX";
  if (IsTga(bytes)) return "TGA";
  return "";
}

}  // namespace likeness
