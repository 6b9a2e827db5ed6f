#ifndef LIKENESS_TOOLS_PATH_LIST_H_
#define LIKENESS_TOOLS_PATH_LIST_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace likeness {

// Appends the lines of the file `list` ("-": standard input) to `paths`, as
// they are but for a carriage return at their end (lists made on Windows);
// empty lines are left out. NOT_FOUND when there is no such file.
absl::Status AppendPathList(const std::string& list,
                            std::vector<std::string>& paths);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_PATH_LIST_H_
