#include "engine/dataset/dataset.h"

#include <filesystem>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/dataset/index_files.h"
#include "engine/dataset/manifest.h"
#include "engine/dataset/picture_folder.h"

namespace likeness {

absl::string_view SplitName(Split split) {
  switch (split) {
    case Split::kUnassigned:
      return "";
    case Split::kTrain:
      return "train";
    case Split::kValidation:
      return "validation";
    case Split::kTest:
      return "test";
  }
  return "";
}

absl::StatusOr<DataSet> ReadDataSet(const std::string& path,
                                    const ReadOptions& options) {
  if (options.class_depth < 0) {
    return InvalidField("class_depth",
                        absl::StrCat(options.class_depth, " is negative"));
  }
  std::error_code ignored;
  const auto type = std::filesystem::status(path, ignored).type();
  if (type == std::filesystem::file_type::not_found) {
    return absl::NotFoundError(absl::StrCat("there is no ", path));
  }
  if (type != std::filesystem::file_type::directory) return ReadManifest(path);
  for (const char* name : {"manifest.csv", "manifest.jsonl"}) {
    const std::string manifest = absl::StrCat(path, "/", name);
    if (std::filesystem::exists(manifest, ignored)) {
      return ReadManifest(manifest);
    }
  }
  if (std::filesystem::exists(absl::StrCat(path, "/classes.csv"), ignored)) {
    return ReadIndexFiles(path);
  }
  return ReadPictureFolder(path, options);
}

std::vector<size_t> SamplesOf(const DataSet& data, Split split) {
  std::vector<size_t> samples;
  for (size_t i = 0; i < data.samples.size(); ++i) {
    if (data.samples[i].split == split) samples.push_back(i);
  }
  return samples;
}

std::vector<size_t> AllSamples(const DataSet& data) {
  std::vector<size_t> samples(data.samples.size());
  std::iota(samples.begin(), samples.end(), size_t{0});
  return samples;
}

}  // namespace likeness
