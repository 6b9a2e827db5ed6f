#include "engine/train/read_picture.h"

#include <utility>

#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"

namespace likeness {

absl::StatusOr<NetworkInput> ReadPicture(const std::string& path,
                                         const PrepareOptions& options) {
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, options.limits.max_bytes));
  absl::StatusOr<PreparedPicture> picture = PreparePicture(bytes, options);
  if (!picture.ok()) return WithContext(picture.status(), path);
  return std::move(picture->input);
}

}  // namespace likeness
