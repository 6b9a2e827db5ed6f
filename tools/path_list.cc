#include "tools/path_list.h"

#include <cerrno>
#include <fstream>
#include <iostream>

#include "absl/strings/str_cat.h"

namespace likeness {

absl::Status AppendPathList(const std::string& list,
                            std::vector<std::string>& paths) {
  std::ifstream file;
  if (list != "-") {
    errno = 0;
    file.open(list);
    if (!file.is_open()) {
      return absl::ErrnoToStatus(errno, absl::StrCat("can't open ", list));
    }
  }
  std::istream& lines = list == "-" ? std::cin : file;
  std::string line;
  while (std::getline(lines, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) paths.push_back(line);
  }
  if (lines.bad()) {
    return absl::DataLossError(absl::StrCat("can't read ", list));
  }
  return absl::OkStatus();
}

}  // namespace likeness
