#include "tests/support/test_files.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "engine/core/file.h"
#include "gtest/gtest.h"

namespace likeness::testing {

TempDir::TempDir() {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "likeness-test-XXXXXX")
          .string();
  const char* made = mkdtemp(pattern.data());
  EXPECT_NE(made, nullptr) << "cannot make " << pattern;
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::File(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

std::string SourceDir() {
  const char* folder = std::getenv("LIKENESS_SOURCE_DIR");
  return folder != nullptr ? folder : ".";
}

std::string TestDataDir() {
  const char* given = std::getenv("LIKENESS_TEST_DATA");
  const std::string folder =
      given != nullptr ? given : absl::StrCat(SourceDir(), "/../shared/data");
  return std::filesystem::is_directory(folder) ? folder : "";
}

std::string ReadFileOrFail(const std::string& path) {
  auto contents = ReadFile(path, uint64_t{1} << 30);
  EXPECT_TRUE(contents.ok()) << contents.status();
  return contents.ok() ? *std::move(contents) : "";
}

}  // namespace likeness::testing
