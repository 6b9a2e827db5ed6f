#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/core/error.h"
#include "engine/core/utf8.h"
#include "engine/store/database.h"

namespace likeness {
namespace {

constexpr size_t kMaxNameBytes = 128;
constexpr size_t kMaxModelIdBytes = 128;
constexpr int kMaxDimensions = 4096;

bool IsNameStart(char c) {
  return absl::ascii_islower(c) || absl::ascii_isdigit(c);
}
bool IsNameCharacter(char c) { return IsNameStart(c) || c == '-' || c == '_'; }

}  // namespace

absl::Status ValidateName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes) {
    return InvalidField(
        "name", absl::StrCat("has ", name.size(), " bytes, must have 1 to ",
                             kMaxNameBytes));
  }
  if (!IsNameStart(name.front()) ||
      !std::all_of(name.begin(), name.end(), IsNameCharacter)) {
    return InvalidField("name",
                        "must be of a-z, 0-9, '-' and '_', and start with a "
                        "letter or digit");
  }
  return absl::OkStatus();
}

absl::Status ValidateCollectionSpec(const CollectionSpec& spec) {
  if (absl::Status status = ValidateName(spec.name); !status.ok()) {
    return status;
  }
  if (spec.model_id.size() > kMaxModelIdBytes || !IsValidUtf8(spec.model_id)) {
    return InvalidField("model_id", absl::StrCat("must be UTF-8 of at most ",
                                                 kMaxModelIdBytes, " bytes"));
  }
  bool any = false;
  for (const Space space : kAllSpaces) {
    const int dimensions = spec.dimensions[space];
    if (dimensions < 0 || dimensions > kMaxDimensions) {
      return InvalidField(
          absl::StrCat("dimensions.", SpaceName(space)),
          absl::StrCat("is ", dimensions, ", must be 0 to ", kMaxDimensions));
    }
    any = any || dimensions > 0;
  }
  if (!any) return InvalidField("dimensions", "at least one space is needed");
  return spec.index.Validate();
}

}  // namespace likeness
