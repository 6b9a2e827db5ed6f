#include "engine/dataset/picture_folder.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "engine/core/error.h"
#include "engine/core/file_source.h"
#include "engine/core/status_macros.h"
#include "engine/dataset/dataset_builder.h"
#include "engine/dataset/manifest.h"
#include "engine/image/decode.h"

namespace likeness {
namespace {

// More than any of the signatures takes.
constexpr size_t kSignatureBytes = 512;

struct FoundPicture {
  std::string path;
  std::vector<std::string> folders;  // Below the root.
  std::string name;
};

absl::StatusOr<bool> IsPicture(const std::string& path) {
  // Opening a pipe would wait for ever.
  if (!std::filesystem::is_regular_file(path)) return false;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::ErrnoToStatus(errno, absl::StrCat("can't open ", path));
  }
  std::array<char, kSignatureBytes> bytes{};
  file.read(bytes.data(), bytes.size());
  return SniffFormat({bytes.data(), static_cast<size_t>(file.gcount())}) !=
         ImageFormat::kUnknown;
}

absl::StatusOr<std::vector<FoundPicture>> ListPictures(
    const std::string& root, DataSetBuilder& builder) {
  std::vector<FoundPicture> pictures;
  FileSource source({root}, Repeats::kKeep);
  while (std::optional<FoundFile> found = source.Next()) {
    RETURN_IF_ERROR(found->status);
    ASSIGN_OR_RETURN(const bool is_picture, IsPicture(found->path));
    if (!is_picture) {
      builder.Skip(std::move(found->path));
      continue;
    }
    absl::string_view below = found->path;
    absl::ConsumePrefix(&below, root);
    FoundPicture picture;
    picture.folders = absl::StrSplit(below, '/', absl::SkipEmpty());
    picture.name = std::move(picture.folders.back());
    picture.folders.pop_back();
    picture.path = std::move(found->path);
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

// How many of the topmost folders all pictures share.
size_t SharedDepth(const std::vector<FoundPicture>& pictures) {
  if (pictures.empty()) return 0;
  const std::vector<std::string>& first = pictures.front().folders;
  size_t shared = first.size();
  for (const FoundPicture& picture : pictures) {
    const auto end = std::mismatch(
        first.begin(), first.begin() + static_cast<ptrdiff_t>(shared),
        picture.folders.begin(), picture.folders.end());
    shared = static_cast<size_t>(end.first - first.begin());
  }
  return shared;
}

bool FoldersAreSplits(const std::vector<FoundPicture>& pictures, size_t depth) {
  std::set<Split> splits;
  for (const FoundPicture& picture : pictures) {
    if (picture.folders.size() <= depth) return false;
    const absl::StatusOr<Split> split = ParseSplit(picture.folders[depth]);
    if (!split.ok()) return false;
    splits.insert(*split);
  }
  return splits.size() > 1;
}

bool IsNumber(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// Omniglot: character03/0345_17.png is drawn by drawer 17.
std::string DrawerOf(const FoundPicture& picture) {
  if (picture.folders.empty()) return "";
  absl::string_view folder = picture.folders.back();
  if (!absl::ConsumePrefix(&folder, "character") || !IsNumber(folder)) {
    return "";
  }
  const absl::string_view stem =
      absl::string_view(picture.name).substr(0, picture.name.rfind('.'));
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(stem, absl::MaxSplits('_', 1));
  return IsNumber(parts.first) && IsNumber(parts.second)
             ? std::string(parts.second)
             : "";
}

}  // namespace

absl::StatusOr<DataSet> ReadPictureFolder(const std::string& folder,
                                          const ReadOptions& options) {
  DataSetBuilder builder(folder, folder);
  ASSIGN_OR_RETURN(std::vector<FoundPicture> pictures,
                   ListPictures(folder, builder));
  size_t depth = SharedDepth(pictures);
  const bool with_splits = FoldersAreSplits(pictures, depth);
  if (with_splits) ++depth;
  for (FoundPicture& picture : pictures) {
    Sample sample;
    if (with_splits) {
      ASSIGN_OR_RETURN(sample.split, ParseSplit(picture.folders[depth - 1]));
    }
    auto names = absl::MakeConstSpan(picture.folders).subspan(depth);
    if (options.class_depth > 0) {
      names = names.subspan(0, static_cast<size_t>(options.class_depth));
    }
    const std::string group =
        names.size() < 2
            ? ""
            : absl::StrJoin(names.subspan(0, names.size() - 1), "/");
    const auto label = builder.Label(absl::StrJoin(names, "/"), group);
    if (!label.ok()) return WithContext(label.status(), picture.path);
    sample.label = *label;
    sample.group = DrawerOf(picture);
    sample.path = std::move(picture.path);
    builder.Add(std::move(sample));
  }
  return std::move(builder).Build();
}

}  // namespace likeness
