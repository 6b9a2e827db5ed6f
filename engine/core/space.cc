#include "engine/core/space.h"

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"

namespace likeness {

absl::string_view SpaceName(Space space) {
  switch (space) {
    case Space::kSimilar:
      return "similar";
    case Space::kCopy:
      return "copy";
  }
  return "unknown";
}

absl::StatusOr<Space> ParseSpace(absl::string_view name) {
  for (const Space space : kAllSpaces) {
    if (name == SpaceName(space)) return space;
  }
  return InvalidField("space", absl::StrCat("there is no space \"", name,
                                            "\"; use similar or copy"));
}

}  // namespace likeness
