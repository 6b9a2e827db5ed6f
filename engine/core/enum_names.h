// The names of an enum's values, in files and on command lines.
#ifndef LIKENESS_ENGINE_CORE_ENUM_NAMES_H_
#define LIKENESS_ENGINE_CORE_ENUM_NAMES_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace likeness {

// One row of the table that an enum's .cc file keeps:
//   constexpr EnumName<Fit> kFitNames[] = {{Fit::kPad, "pad"}, ...};
template <typename Enum>
struct EnumName {
  Enum value;
  absl::string_view name;
};

// The name of `value`, which the table has.
template <typename Enum, size_t kCount>
absl::string_view NameOf(const EnumName<Enum> (&table)[kCount], Enum value) {
  for (const EnumName<Enum>& row : table) {
    if (row.value == value) return row.name;
  }
  return "";
}

// The value called `name`; INVALID_ARGUMENT says that there is no `what` of
// that name and lists those there are.
template <typename Enum, size_t kCount>
absl::StatusOr<Enum> ParseName(const EnumName<Enum> (&table)[kCount],
                               absl::string_view what, absl::string_view name) {
  std::string known;
  for (size_t i = 0; i < kCount; ++i) {
    if (table[i].name == name) return table[i].value;
    const char* const separator =
        i == 0 ? "" : (i + 1 == kCount ? " or " : ", ");
    absl::StrAppend(&known, separator, table[i].name);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("there is no ", what, " \"", name, "\"; use ", known));
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_ENUM_NAMES_H_
