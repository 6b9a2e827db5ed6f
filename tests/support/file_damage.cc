#include "tests/support/file_damage.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

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

void CopyAsKilled(const std::string& from, const std::string& to) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  fs::create_directories(to, ignored);
  for (fs::recursive_directory_iterator entry(from, ignored), end; entry != end;
       entry.increment(ignored)) {
    const fs::path copy = to / fs::relative(entry->path(), from);
    if (entry->is_directory(ignored)) {
      fs::create_directory(copy, ignored);
    } else {
      fs::copy_file(entry->path(), copy, ignored);
    }
  }
}

void OverwriteFile(const std::string& path, absl::string_view contents) {
  std::ofstream file(path, std::ios::binary);
  file << contents;
  file.close();
  EXPECT_TRUE(file.good()) << "cannot write " << path;
}

}  // namespace likeness::testing
