#ifndef LIKENESS_TOOLS_SHOWCASE_PICTURE_H_
#define LIKENESS_TOOLS_SHOWCASE_PICTURE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "engine/image/image.h"
#include "engine/report/report.h"

namespace likeness {

// A picture that the showcase asks with.
struct ShowcasePicture {
  std::string path;
  std::string bytes;
  std::string sha256;  // Of the bytes, 32 bytes.
  Image pixels;
  std::string item_id;  // Of the item with the same bytes; empty: none found.
};

absl::StatusOr<ShowcasePicture> LoadShowcasePicture(const std::string& path);

// How it stands on the page, as the question.
ReportPicture QueryOf(const ShowcasePicture& picture);

// A small JPEG for the page; empty when it can't be made.
std::string PageThumbnail(const Image& image);

// "shoe" of "/srv/shop/shoe.jpg".
std::string BaseName(absl::string_view path);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SHOWCASE_PICTURE_H_
