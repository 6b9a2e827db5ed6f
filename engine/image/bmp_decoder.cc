// BMP is decoded here and not by a library: those that Debian has get common
// variants wrong without a word (gdk-pixbuf: masks with alpha, short palettes,
// 2 bits a pixel) or are closed to untrusted bytes (ImageMagick).
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/image/bmp_header.h"
#include "engine/image/byte_reader.h"
#include "engine/image/decoders.h"
#include "engine/image/picture_error.h"
#include "engine/image/row_sink.h"

namespace likeness {
namespace {

constexpr ImageFormat kBmp = ImageFormat::kBmp;

using Rgb = std::array<uint8_t, 3>;
// Indices without an entry are black.
using Palette = std::array<Rgb, 256>;

Palette PaletteOf(absl::string_view bytes, const BmpHeader& header) {
  Palette palette{};
  for (size_t i = 0; i < header.palette_size; ++i) {
    const size_t at = header.palette_offset + i * header.palette_stride;
    palette[i] = {Byte(bytes, at + 2), Byte(bytes, at + 1), Byte(bytes, at)};
  }
  return palette;
}

void ExpandIndices(absl::string_view row, const BmpHeader& header,
                   const Palette& palette, uint8_t* rgb) {
  const uint32_t depth = header.depth;
  const uint32_t mask = (1U << depth) - 1;
  for (size_t x = 0; x < static_cast<size_t>(header.width); ++x, rgb += 3) {
    const size_t bit = x * depth;
    const uint32_t shift = 8 - depth - static_cast<uint32_t>(bit % 8);
    const Rgb& colour = palette[Byte(row, bit / 8) >> shift & mask];
    std::copy(colour.begin(), colour.end(), rgb);
  }
}

// 16 and 32 bits: channels by mask, composed on white where there is alpha.
void ExpandMasked(absl::string_view row, const BmpHeader& header,
                  uint8_t* rgb) {
  const bool alpha = header.masks[3].mask != 0;
  for (size_t x = 0; x < static_cast<size_t>(header.width); ++x, rgb += 3) {
    const uint32_t pixel = header.depth == 16 ? LittleEndian16(row, 2 * x)
                                              : LittleEndian32(row, 4 * x);
    const uint32_t opacity = alpha ? header.masks[3].Extract(pixel) : 255;
    for (size_t c = 0; c < 3; ++c) {
      const uint32_t ink = 255U - header.masks[c].Extract(pixel);
      rgb[c] = static_cast<uint8_t>(255U - (ink * opacity + 127) / 255);
    }
  }
}

void ExpandRow(absl::string_view row, const BmpHeader& header,
               const Palette& palette, uint8_t* rgb) {
  if (header.depth <= 8) {
    ExpandIndices(row, header, palette, rgb);
  } else if (header.depth == 24) {
    for (size_t x = 0; x < static_cast<size_t>(header.width); ++x) {
      rgb[3 * x] = Byte(row, 3 * x + 2);
      rgb[3 * x + 1] = Byte(row, 3 * x + 1);
      rgb[3 * x + 2] = Byte(row, 3 * x);
    }
  } else {
    ExpandMasked(row, header, rgb);
  }
}

absl::Status ReadRaw(absl::string_view bytes, const BmpHeader& header,
                     RowSink* sink) {
  const size_t stride = header.Stride();
  const auto rows = static_cast<size_t>(header.height);
  const size_t row_bytes =
      (static_cast<size_t>(header.width) * header.depth + 7) / 8;
  // Some writers leave the padding of the last row out.
  const size_t needed = header.pixel_offset + (rows - 1) * stride + row_bytes;
  if (bytes.size() < needed) {
    return CorruptPicture(
        kBmp, absl::StrCat("has ", bytes.size(), " of ", needed, " bytes"));
  }
  const Palette palette = PaletteOf(bytes, header);
  std::vector<uint8_t> rgb(size_t{3} * static_cast<size_t>(header.width));
  for (size_t y = 0; y < rows; ++y) {
    const size_t stored = header.top_down ? y : rows - 1 - y;
    ExpandRow(bytes.substr(header.pixel_offset + stored * stride, row_bytes),
              header, palette, rgb.data());
    sink->AddRow(rgb.data());
  }
  return absl::OkStatus();
}

// Interprets the run-length stream: pairs of (count, value), and escapes
// (0, 0) end of line, (0, 1) end of picture, (0, 2, dx, dy) move, (0, n) n
// literals padded to 16 bits. Values are an index (8 bits), two alternating
// ones (4 bits) or a pixel (24 bits). What is skipped stays black; a run far
// beyond the end of its row is damage.
class RunLengthReader {
 public:
  RunLengthReader(absl::string_view stream, const BmpHeader& header,
                  const Palette& palette)
      : stream_(stream),
        depth_(header.depth),
        width_(static_cast<size_t>(header.width)),
        height_(static_cast<size_t>(header.height)),
        palette_(palette),
        rgb_(3 * width_ * height_) {}

  // False when the stream ends before the picture does, or leaves a row.
  bool Read() {
    while (y_ < height_) {
      if (!Has(2)) return false;
      const uint8_t count = Next();
      if (count > 0) {
        if (!ReadRun(count)) return false;
        continue;
      }
      const uint8_t escape = Next();
      if (escape == 1) return true;
      if (!ReadEscape(escape)) return false;
    }
    return true;
  }

  // 3 x width bytes, in the order of the stream.
  const uint8_t* Row(size_t y) const { return rgb_.data() + 3 * width_ * y; }

 private:
  bool Has(size_t count) const { return stream_.size() - at_ >= count; }
  uint8_t Next() { return Byte(stream_, at_++); }

  bool ReadRun(size_t count) {
    if (!Has(depth_ == 24 ? 3 : 1)) return false;
    const size_t value = at_;
    at_ += depth_ == 24 ? 3 : 1;
    if (!Fits(count)) return false;
    for (size_t i = 0; i < count; ++i) Put(ColourAt(value, i, /*run=*/true));
    return true;
  }

  bool ReadEscape(uint8_t escape) {
    if (escape == 0) {
      x_ = 0;
      ++y_;
      return true;
    }
    if (escape == 2) {
      if (!Has(2)) return false;
      x_ += Next();
      y_ += Next();
      return true;
    }
    const size_t bytes = (size_t{escape} * depth_ + 7) / 8;
    if (!Has(bytes) || !Fits(escape)) return false;
    for (size_t i = 0; i < escape; ++i) Put(ColourAt(at_, i, /*run=*/false));
    at_ = std::min(stream_.size(), at_ + bytes + bytes % 2);
    return true;
  }

  // The colour of pixel `i` of a run or of literals whose bytes begin at `at`.
  Rgb ColourAt(size_t at, size_t i, bool run) const {
    if (depth_ == 24) {
      const size_t pixel = run ? at : at + 3 * i;
      return {Byte(stream_, pixel + 2), Byte(stream_, pixel + 1),
              Byte(stream_, pixel)};
    }
    if (depth_ == 8) return palette_[Byte(stream_, run ? at : at + i)];
    const uint8_t pair = Byte(stream_, run ? at : at + i / 2);
    return palette_[i % 2 == 0 ? pair >> 4 : pair & 15];
  }

  // Some writers (old ImageMagick) code the padding of rows to 32 bits too.
  bool Fits(size_t count) const { return x_ + count <= (width_ + 3) / 4 * 4; }

  void Put(const Rgb& colour) {
    if (x_ < width_) {
      std::copy(colour.begin(), colour.end(),
                rgb_.begin() + static_cast<ptrdiff_t>(3 * (y_ * width_ + x_)));
    }
    ++x_;
  }

  const absl::string_view stream_;
  const uint32_t depth_;
  const size_t width_;
  const size_t height_;
  const Palette& palette_;
  std::vector<uint8_t> rgb_;
  size_t at_ = 0;
  size_t x_ = 0;
  size_t y_ = 0;
};

absl::Status ReadRunLengths(absl::string_view bytes, const BmpHeader& header,
                            RowSink* sink) {
  if (header.pixel_offset > bytes.size()) {
    return CorruptPicture(kBmp, "ends before its pixels");
  }
  const Palette palette = PaletteOf(bytes, header);
  RunLengthReader reader(bytes.substr(header.pixel_offset), header, palette);
  if (!reader.Read())
    return CorruptPicture(kBmp, "the runs end early or leave their row");
  const auto rows = static_cast<size_t>(header.height);
  for (size_t y = 0; y < rows; ++y) {
    sink->AddRow(reader.Row(header.top_down ? y : rows - 1 - y));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DecodedImage> DecodeBmp(absl::string_view bytes,
                                       const DecodeLimits& limits,
                                       int target_side) {
  ASSIGN_OR_RETURN(const BmpHeader header, ReadBmpHeader(bytes));
  RETURN_IF_ERROR(CheckSize(
      kBmp, {.width = header.width, .height = header.height}, limits));
  DecodedImage decoded;
  decoded.format = kBmp;
  decoded.source_width = static_cast<int>(header.width);
  decoded.source_height = static_cast<int>(header.height);
  RowSink sink(
      decoded.source_width, decoded.source_height,
      ShrinkFactor(decoded.source_width, decoded.source_height, target_side));
  RETURN_IF_ERROR(header.coding == BmpCoding::kRaw
                      ? ReadRaw(bytes, header, &sink)
                      : ReadRunLengths(bytes, header, &sink));
  decoded.image = std::move(sink).Take();
  return decoded;
}

}  // namespace likeness
