#include "tests/support/file_damage.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace likeness::testing {

std::vector<std::string> FilesBelow(const std::string& folder,
                                    absl::string_view suffix) {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (entry.is_regular_file() && absl::EndsWith(path, suffix)) {
      files.push_back(path);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

void OverwriteFile(const std::string& path, absl::string_view contents) {
  std::ofstream file(path, std::ios::binary);
  file << contents;
  file.close();
  EXPECT_TRUE(file.good()) << "cannot write " << path;
}

}  // namespace likeness::testing
