#include "tools/showcase_picture.h"

#include <filesystem>
#include <utility>

#include "engine/core/file.h"
#include "engine/core/sha256.h"
#include "engine/core/status_macros.h"
#include "engine/image/decode.h"
#include "engine/image/encode.h"

namespace likeness {
namespace {

// Small enough that a page of a hundred stays far below its limit.
constexpr int kPageThumbnailSide = 176;

}  // namespace

absl::StatusOr<ShowcasePicture> LoadShowcasePicture(const std::string& path) {
  const DecodeLimits limits;
  ShowcasePicture picture;
  picture.path = path;
  ASSIGN_OR_RETURN(picture.bytes, ReadFile(path, limits.max_bytes));
  ASSIGN_OR_RETURN(DecodedImage decoded, DecodeImage(picture.bytes, limits));
  picture.pixels = std::move(decoded.image);
  const Sha256Digest digest = Sha256(picture.bytes);
  picture.sha256.assign(digest.begin(), digest.end());
  return picture;
}

ReportPicture QueryOf(const ShowcasePicture& picture) {
  ReportPicture query;
  query.jpeg = PageThumbnail(picture.pixels);
  query.caption = BaseName(picture.path);
  query.detail = picture.path;
  return query;
}

std::string PageThumbnail(const Image& image) {
  return MakeThumbnail(image, kPageThumbnailSide).value_or("");
}

std::string BaseName(absl::string_view path) {
  return std::filesystem::path(std::string(path)).stem().string();
}

}  // namespace likeness
