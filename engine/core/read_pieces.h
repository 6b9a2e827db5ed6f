#ifndef LIKENESS_ENGINE_CORE_READ_PIECES_H_
#define LIKENESS_ENGINE_CORE_READ_PIECES_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace likeness {

// Hands all bytes of the file at `path` to `take`, in pieces of up to 1 MiB, in
// order. Stops at the first error: `take`'s, or the system's, which names the
// path.
absl::Status ReadInPieces(
    const std::string& path,
    const std::function<absl::Status(absl::string_view)>& take);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_READ_PIECES_H_
