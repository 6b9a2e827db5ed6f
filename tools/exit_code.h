// What the program's exit code tells a script. `likeness --help` lists them.
#ifndef LIKENESS_TOOLS_EXIT_CODE_H_
#define LIKENESS_TOOLS_EXIT_CODE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace likeness {

enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,        // A wrong flag, argument or setting.
  kNotFound = 3,     // A named file, item, collection or model is not there.
  kBadPicture = 4,   // The picture that was asked about can't be decoded.
  kUnavailable = 5,  // No answer from the server, or directory in use.
  kInterrupted = 130,
};

// The table above for --help.
absl::string_view ExitCodeHelp();

// The code that `status` ends the program with.
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_EXIT_CODE_H_
