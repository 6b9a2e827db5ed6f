// Files that a test damages.
#ifndef LIKENESS_TESTS_SUPPORT_FILE_DAMAGE_H_
#define LIKENESS_TESTS_SUPPORT_FILE_DAMAGE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace likeness::testing {

// Paths of the files below `folder` whose names end so, sorted.
std::vector<std::string> FilesBelow(const std::string& folder,
                                    absl::string_view suffix = "");

// Copies all of `from` to `to`, which is made anew, as a kill would leave it
// now. When threads of a database change files meanwhile, it is copied again:
// no kill leaves one file as it was and another as it became.
void CopyAsKilled(const std::string& from, const std::string& to);

// Gives the file these contents, in place; makes it when it is not there.
void OverwriteFile(const std::string& path, absl::string_view contents);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_FILE_DAMAGE_H_
