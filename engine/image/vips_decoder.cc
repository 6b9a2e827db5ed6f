// libvips and its codes stay in this file: every failure becomes a status.
#include <vips/vips.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"
#include "engine/image/colour.h"
#include "engine/image/container_checks.h"
#include "engine/image/decoders.h"
#include "engine/image/gif_frame.h"
#include "engine/image/orient.h"
#include "engine/image/picture_error.h"
#include "engine/image/row_composer.h"
#include "engine/image/row_sink.h"

namespace likeness {
namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using VipsImageHandle = std::unique_ptr<VipsImage, Unref>;
using VipsRegionHandle = std::unique_ptr<VipsRegion, Unref>;

void DropLog(const gchar* /*domain*/, GLogLevelFlags /*level*/,
             const gchar* /*message*/, gpointer /*data*/) {}

bool StartVips() {
  if (VIPS_INIT("likeness") != 0) return false;
  // Pictures come from anyone: no loader that its authors call unsafe.
  vips_block_untrusted_set(TRUE);
  // Work is parallel across pictures, and no picture comes twice in a row.
  vips_concurrency_set(1);
  vips_cache_set_max(0);
  // What is wrong with a picture is told by its status alone.
  g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, DropLog, nullptr);
  return true;
}

// Starts the library when first needed. It has no other kind of start than one
// for the whole process.
bool VipsIsUp() {
  static const bool up = StartVips();
  return up;
}

absl::Status Failed(ImageFormat format, absl::string_view what) {
  // The library keeps one error text for all threads, so quoting it could quote
  // another picture's.
  vips_error_clear();
  return CorruptPicture(format, what);
}

// Opens the header with the loader of exactly `format`.
absl::StatusOr<VipsImageHandle> Open(absl::string_view bytes,
                                     ImageFormat format) {
  // The libvips calls take no const, and don't write.
  void* data = const_cast<char*>(bytes.data());
  VipsImage* image = nullptr;
  int failed = -1;
  const auto open = [&](auto load) {
    failed = load(data, bytes.size(), &image, "access", VIPS_ACCESS_SEQUENTIAL,
                  "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
  };
  switch (format) {
    case ImageFormat::kPng:
      open(vips_pngload_buffer);
      break;
    case ImageFormat::kWebp:
      open(vips_webpload_buffer);
      break;
    case ImageFormat::kGif:
      open(vips_gifload_buffer);
      break;
    case ImageFormat::kTiff:
      open(vips_tiffload_buffer);
      break;
    case ImageFormat::kHeic:
    case ImageFormat::kAvif:
      open(vips_heifload_buffer);
      break;
    default:
      return absl::InternalError("not a format of this decoder");
  }
  VipsImageHandle handle(image);
  if (failed != 0 || image == nullptr) {
    return Failed(format, "the header can't be read");
  }
  return handle;
}

int IntegerField(VipsImage* image, const char* name, int otherwise) {
  int value = otherwise;
  if (vips_image_get_typeof(image, name) == 0 ||
      vips_image_get_int(image, name, &value) != 0) {
    return otherwise;
  }
  return value;
}

absl::string_view IccProfile(VipsImage* image) {
  const void* data = nullptr;
  size_t size = 0;
  if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 ||
      vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, &size) != 0) {
    return {};
  }
  return {static_cast<const char*>(data), size};
}

// Where a GIF's first frame leaves part of the canvas open, that part is
// transparent to every viewer; the library paints it black unless some frame
// has transparent pixels of its own.
absl::StatusOr<VipsImageHandle> OpenCanvasToWhite(VipsImageHandle image,
                                                  const GifFrame& frame) {
  const bool covered = frame.left == 0 && frame.top == 0 &&
                       frame.width >= image->Xsize &&
                       frame.height >= image->Ysize;
  const bool inside = frame.width > 0 && frame.height > 0 &&
                      frame.left + frame.width <= image->Xsize &&
                      frame.top + frame.height <= image->Ysize;
  if (covered || !inside || vips_image_hasalpha(image.get()) != 0) return image;
  VipsImage* cropped = nullptr;
  VipsImage* embedded = nullptr;
  if (vips_extract_area(image.get(), &cropped, frame.left, frame.top,
                        frame.width, frame.height, nullptr) != 0) {
    return Failed(ImageFormat::kGif, "the first frame can't be read");
  }
  const VipsImageHandle owned(cropped);
  if (vips_embed(cropped, &embedded, frame.left, frame.top, image->Xsize,
                 image->Ysize, "extend", VIPS_EXTEND_WHITE, nullptr) != 0) {
    return Failed(ImageFormat::kGif, "the first frame can't be placed");
  }
  return VipsImageHandle(embedded);
}

// An image whose samples the colour converter understands.
struct Source {
  VipsImageHandle image;
  SampleLayout layout;
  bool alpha = false;
};

// Integers of 32 bits or with a sign, and grey floating-point numbers, have no
// agreed black and white.
bool HasKnownRange(const VipsImage* image) {
  switch (image->BandFmt) {
    case VIPS_FORMAT_UCHAR:
    case VIPS_FORMAT_USHORT:
      return true;
    case VIPS_FORMAT_FLOAT:
    case VIPS_FORMAT_DOUBLE:
      return image->Type != VIPS_INTERPRETATION_B_W &&
             image->Type != VIPS_INTERPRETATION_MULTIBAND;
    default:
      return image->Type == VIPS_INTERPRETATION_LABS;
  }
}

bool HasPlainSamples(const VipsImage* image) {
  if (image->BandFmt != VIPS_FORMAT_UCHAR &&
      image->BandFmt != VIPS_FORMAT_USHORT) {
    return false;
  }
  switch (image->Type) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
    case VIPS_INTERPRETATION_RGB:
    case VIPS_INTERPRETATION_sRGB:
    case VIPS_INTERPRETATION_RGB16:
    case VIPS_INTERPRETATION_CMYK:
    case VIPS_INTERPRETATION_MULTIBAND:
      return true;
    default:
      return false;
  }
}

// Brings whatever a loader hands out (Lab, float, ...) to 8 or 16-bit grey, RGB
// or CMYK samples with or without alpha.
absl::StatusOr<Source> Normalise(VipsImageHandle image, ImageFormat format) {
  if (!HasKnownRange(image.get())) {
    return UnsupportedPicture(absl::StrCat(
        ImageFormatName(format), " of ",
        vips_enum_nick(VIPS_TYPE_BAND_FORMAT, image->BandFmt), " samples"));
  }
  if (!HasPlainSamples(image.get())) {
    VipsImage* converted = nullptr;
    if (vips_colourspace(image.get(), &converted, VIPS_INTERPRETATION_sRGB,
                         nullptr) != 0) {
      return Failed(format, "the colours can't be converted");
    }
    image.reset(converted);
  }
  if (image->BandFmt != VIPS_FORMAT_UCHAR &&
      image->BandFmt != VIPS_FORMAT_USHORT) {
    VipsImage* cast = nullptr;
    if (vips_cast(image.get(), &cast, VIPS_FORMAT_UCHAR, nullptr) != 0) {
      return Failed(format, "the samples can't be converted");
    }
    image.reset(cast);
  }
  Source source;
  source.layout.wide = image->BandFmt == VIPS_FORMAT_USHORT;
  const int bands = image->Bands;
  if (image->Type == VIPS_INTERPRETATION_CMYK && bands >= 4) {
    source.layout.channels = 4;
  } else {
    source.layout.channels = bands >= 3 ? 3 : 1;
  }
  source.alpha = bands > source.layout.channels;
  source.image = std::move(image);
  return source;
}

// Pulls the picture through the library from top to bottom, a strip at a time,
// on the calling thread.
template <typename Sample>
absl::StatusOr<Image> ReadRows(const Source& source,
                               const ColourConverter& colour,
                               ImageFormat format, int target_side) {
  VipsImage* image = source.image.get();
  const VipsRegionHandle region(vips_region_new(image));
  RowSink sink(image->Xsize, image->Ysize,
               ShrinkFactor(image->Xsize, image->Ysize, target_side));
  RowComposer<Sample> composer(colour, source.layout.channels, image->Bands,
                               source.alpha, image->Xsize);
  constexpr int kStrip = 16;
  for (int top = 0; top < image->Ysize; top += kStrip) {
    VipsRect strip = {.left = 0,
                      .top = top,
                      .width = image->Xsize,
                      .height = std::min(kStrip, image->Ysize - top)};
    if (vips_region_prepare(region.get(), &strip) != 0) {
      return Failed(format, "truncated or damaged");
    }
    for (int y = top; y < top + strip.height; ++y) {
      sink.AddRow(composer.Compose(reinterpret_cast<const Sample*>(
          VIPS_REGION_ADDR(region.get(), 0, y))));
    }
  }
  return std::move(sink).Take();
}

}  // namespace

absl::StatusOr<DecodedImage> DecodeWithVips(absl::string_view bytes,
                                            ImageFormat format,
                                            const DecodeLimits& limits,
                                            int target_side) {
  if (!VipsIsUp()) return absl::InternalError("libvips does not start");
  const bool heif =
      format == ImageFormat::kHeic || format == ImageFormat::kAvif;
  if (format == ImageFormat::kTiff) RETURN_IF_ERROR(CheckTiffVariant(bytes));
  if (heif) RETURN_IF_ERROR(CheckHeifSizes(bytes, format, limits));
  ASSIGN_OR_RETURN(VipsImageHandle opened, Open(bytes, format));
  RETURN_IF_ERROR(
      CheckSize(format,
                {.width = opened->Xsize,
                 .height = opened->Ysize,
                 .frames = IntegerField(opened.get(), VIPS_META_N_PAGES, 1)},
                limits));
  if (format == ImageFormat::kGif) {
    ASSIGN_OR_RETURN(
        opened, OpenCanvasToWhite(std::move(opened), ReadFirstGifFrame(bytes)));
  }
  // HEIF's own transformations are applied by its decoder; EXIF must not turn
  // the picture again (ISO/IEC 23008-12, 6.5.10).
  const int orientation =
      heif ? 1 : IntegerField(opened.get(), VIPS_META_ORIENTATION, 1);
  ASSIGN_OR_RETURN(const Source source, Normalise(std::move(opened), format));
  const ColourConverter colour(IccProfile(source.image.get()), source.layout);

  DecodedImage decoded;
  decoded.format = format;
  decoded.source_width = source.image->Xsize;
  decoded.source_height = source.image->Ysize;
  if (SwapsSides(orientation)) {
    std::swap(decoded.source_width, decoded.source_height);
  }
  auto pixels = source.layout.wide
                    ? ReadRows<uint16_t>(source, colour, format, target_side)
                    : ReadRows<uint8_t>(source, colour, format, target_side);
  RETURN_IF_ERROR(pixels.status());
  decoded.image = Orient(*std::move(pixels), orientation);
  return decoded;
}

}  // namespace likeness
