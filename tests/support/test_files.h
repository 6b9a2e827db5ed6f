// Folders and pictures for tests.
#ifndef LIKENESS_TESTS_SUPPORT_TEST_FILES_H_
#define LIKENESS_TESTS_SUPPORT_TEST_FILES_H_

#include <string>

#include "absl/strings/string_view.h"

namespace likeness::testing {

// A fresh, empty folder that is removed, with all in it, at the end of its
// scope.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string File(absl::string_view name) const;

 private:
  std::string path_;
};

// The repository's root, where tests find their golden files.
std::string SourceDir();

// The folder of test pictures (LIKENESS_TEST_DATA, else ../shared/data beside
// the repository); empty when it is not there: skip the test then.
std::string TestDataDir();

// Contents of the file; the test fails and "" comes back when it can't be read.
std::string ReadFileOrFail(const std::string& path);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_TEST_FILES_H_
