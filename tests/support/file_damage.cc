#include "tests/support/file_damage.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>

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

namespace {

namespace fs = std::filesystem;

// Every file below `folder` with its size and the time of its last change.
std::map<std::string, std::pair<uintmax_t, fs::file_time_type>> Listing(
    const std::string& folder) {
  std::map<std::string, std::pair<uintmax_t, fs::file_time_type>> listing;
  std::error_code ignored;
  for (fs::recursive_directory_iterator entry(folder, ignored), end;
       entry != end; entry.increment(ignored)) {
    if (!entry->is_directory(ignored)) {
      listing[entry->path()] = {entry->file_size(ignored),
                                entry->last_write_time(ignored)};
    }
  }
  return listing;
}

void CopyAll(const std::string& from, const std::string& to) {
  std::error_code ignored;
  fs::remove_all(to, ignored);
  fs::create_directories(to, ignored);
  for (fs::recursive_directory_iterator entry(from, ignored), end; entry != end;
       entry.increment(ignored)) {
    const fs::path copy = to / entry->path().lexically_relative(from);
    if (entry->is_directory(ignored)) {
      fs::create_directory(copy, ignored);
    } else {
      fs::copy_file(entry->path(), copy, ignored);
    }
  }
}

}  // namespace

void CopyAsKilled(const std::string& from, const std::string& to) {
  constexpr int kMostTries = 1000;
  for (int i = 0; i < kMostTries; ++i) {
    const auto before = Listing(from);
    CopyAll(from, to);
    if (Listing(from) == before) return;
  }
  ADD_FAILURE() << from << " never stands still";
}

void OverwriteFile(const std::string& path, absl::string_view contents) {
  std::ofstream file(path, std::ios::binary);
  file << contents;
  file.close();
  EXPECT_TRUE(file.good()) << "cannot write " << path;
}

}  // namespace likeness::testing
