#include "engine/core/read_pieces.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;

}  // namespace

absl::Status ReadInPieces(
    const std::string& path,
    const std::function<absl::Status(absl::string_view)>& take) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  }
  const absl::Cleanup closer = [descriptor] { close(descriptor); };
  std::string piece(kPieceBytes, '\0');
  while (true) {
    const ssize_t size = read(descriptor, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
    }
    if (size == 0) return absl::OkStatus();
    RETURN_IF_ERROR(
        take(absl::string_view(piece.data(), static_cast<size_t>(size))));
  }
}

}  // namespace likeness
