// gdk-pixbuf stays in this file. Its loader of BMP alone is used, never the
// choice by content.
#include <gdk-pixbuf/gdk-pixbuf.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/image/byte_reader.h"
#include "engine/image/decoders.h"
#include "engine/image/picture_error.h"
#include "engine/image/row_sink.h"

namespace likeness {
namespace {

constexpr ImageFormat kBmp = ImageFormat::kBmp;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using LoaderHandle = std::unique_ptr<GdkPixbufLoader, Unref>;

struct FreeError {
  void operator()(GError* error) const { g_error_free(error); }
};
using ErrorHandle = std::unique_ptr<GError, FreeError>;

struct BmpHeader {
  int64_t width = 0;
  int64_t height = 0;
  uint32_t depth = 0;        // Bits a pixel.
  uint32_t compression = 0;  // 0 none, 1 and 2 run lengths, 3 and 6 masks.
  uint64_t pixel_offset = 0;
};

absl::StatusOr<BmpHeader> ReadHeader(absl::string_view bytes) {
  constexpr size_t kFileHeader = 14;
  const size_t info = LittleEndian32(bytes, kFileHeader);
  if (bytes.size() < kFileHeader + info) {
    return CorruptPicture(kBmp, "ends within its header");
  }
  BmpHeader header;
  header.pixel_offset = LittleEndian32(bytes, 10);
  if (info == 12) {
    header.width = LittleEndian16(bytes, 18);
    header.height = LittleEndian16(bytes, 20);
    header.depth = LittleEndian16(bytes, 24);
    return header;
  }
  header.width = static_cast<int32_t>(LittleEndian32(bytes, 18));
  header.height = static_cast<int32_t>(LittleEndian32(bytes, 22));
  if (header.height < 0) header.height = -header.height;  // Stored top down.
  header.depth = LittleEndian16(bytes, 28);
  if (info >= 40) header.compression = LittleEndian32(bytes, 30);
  return header;
}

// The loader paints what is missing black and says nothing, so that a file too
// short for its pixels is told from its header.
absl::Status CheckComplete(const BmpHeader& header, absl::string_view bytes) {
  const bool run_lengths = header.compression == 1 || header.compression == 2;
  if (run_lengths) return absl::OkStatus();
  const uint64_t row_bits = static_cast<uint64_t>(header.width) * header.depth;
  const uint64_t rows = static_cast<uint64_t>(header.height);
  const uint64_t stride = (row_bits + 31) / 32 * 4;
  // Some writers leave the padding of the last row out.
  const uint64_t needed =
      header.pixel_offset + (rows - 1) * stride + (row_bits + 7) / 8;
  if (bytes.size() >= needed) return absl::OkStatus();
  return CorruptPicture(
      kBmp, absl::StrCat("has ", bytes.size(), " of ", needed, " bytes"));
}

absl::Status LoadError(GError* raw) {
  const ErrorHandle error(raw);
  if (error == nullptr) return CorruptPicture(kBmp, "damaged");
  if (error->domain == GDK_PIXBUF_ERROR &&
      error->code == GDK_PIXBUF_ERROR_UNKNOWN_TYPE) {
    return absl::InternalError("gdk-pixbuf has no BMP loader");
  }
  return CorruptPicture(kBmp, error->message);
}

Image ToImage(const GdkPixbuf* pixbuf, int target_side) {
  const int width = gdk_pixbuf_get_width(pixbuf);
  const int height = gdk_pixbuf_get_height(pixbuf);
  const auto channels = static_cast<size_t>(gdk_pixbuf_get_n_channels(pixbuf));
  const auto stride = static_cast<size_t>(gdk_pixbuf_get_rowstride(pixbuf));
  const uint8_t* pixels = gdk_pixbuf_read_pixels(pixbuf);
  RowSink sink(width, height, ShrinkFactor(width, height, target_side));
  std::vector<uint8_t> row(size_t{3} * static_cast<size_t>(width));
  for (int y = 0; y < height; ++y) {
    const uint8_t* from = pixels + static_cast<size_t>(y) * stride;
    if (channels == 3) {
      sink.AddRow(from);
      continue;
    }
    for (size_t x = 0; x < static_cast<size_t>(width); ++x, from += channels) {
      for (size_t c = 0; c < 3; ++c) {
        const int ink = 255 - from[c];
        row[3 * x + c] =
            static_cast<uint8_t>(255 - (ink * from[3] + 127) / 255);
      }
    }
    sink.AddRow(row.data());
  }
  return std::move(sink).Take();
}

}  // namespace

absl::StatusOr<DecodedImage> DecodeBmp(absl::string_view bytes,
                                       const DecodeLimits& limits,
                                       int target_side) {
  ASSIGN_OR_RETURN(const BmpHeader header, ReadHeader(bytes));
  RETURN_IF_ERROR(CheckSize(
      kBmp, {.width = header.width, .height = header.height}, limits));
  RETURN_IF_ERROR(CheckComplete(header, bytes));

  GError* error = nullptr;
  const LoaderHandle loader(gdk_pixbuf_loader_new_with_type("bmp", &error));
  if (loader == nullptr) return LoadError(error);
  const bool written = gdk_pixbuf_loader_write(
      loader.get(), reinterpret_cast<const guchar*>(bytes.data()), bytes.size(),
      &error);
  if (!written) {
    gdk_pixbuf_loader_close(loader.get(), nullptr);
    return LoadError(error);
  }
  if (!gdk_pixbuf_loader_close(loader.get(), &error)) return LoadError(error);
  const GdkPixbuf* pixbuf = gdk_pixbuf_loader_get_pixbuf(loader.get());
  if (pixbuf == nullptr || gdk_pixbuf_get_width(pixbuf) != header.width ||
      gdk_pixbuf_get_height(pixbuf) != header.height) {
    return CorruptPicture(kBmp, "no pixels");
  }
  DecodedImage decoded;
  decoded.format = kBmp;
  decoded.source_width = gdk_pixbuf_get_width(pixbuf);
  decoded.source_height = gdk_pixbuf_get_height(pixbuf);
  decoded.image = ToImage(pixbuf, target_side);
  return decoded;
}

}  // namespace likeness
