#include "tools/exit_code.h"

#include "engine/core/error.h"

namespace likeness {

absl::string_view ExitCodeHelp() {
  return "Exit codes:\n"
         "  0    done\n"
         "  1    failed; for index and embed: some files could not be read\n"
         "  2    wrong flag, argument or setting\n"
         "  3    a file, item, collection or model that was named is not "
         "there\n"
         "  4    the picture that was asked about is not one that can be "
         "decoded\n"
         "  5    no answer from the server, or the data directory is in use\n"
         "  130  interrupted; index picks up where it stopped\n";
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (IsBadPicture(status)) return ExitCode::kBadPicture;
  if (ReasonOf(status) == kReasonDirectoryInUse) return ExitCode::kUnavailable;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kCancelled:
      return ExitCode::kInterrupted;
    case absl::StatusCode::kInvalidArgument:
      return ExitCode::kUsage;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kUnavailable;
    default:
      return ExitCode::kFailed;
  }
}

}  // namespace likeness
