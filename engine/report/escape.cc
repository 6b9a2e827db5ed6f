#include "engine/report/escape.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "engine/core/utf8.h"

namespace likeness {
namespace {

// Length of the well-formed character at the start of `text`; 0: there is none.
size_t CharacterLength(absl::string_view text) {
  for (size_t length = 1; length <= std::min<size_t>(4, text.size());
       ++length) {
    if (IsValidUtf8(text.substr(0, length))) return length;
  }
  return 0;
}

}  // namespace

std::string EscapeHtml(absl::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const size_t length = CharacterLength(text);
    const absl::string_view character =
        text.substr(0, std::max<size_t>(1, length));
    if (length == 0) {
      escaped += "\xEF\xBF\xBD";  // U+FFFD
    } else if (character == "&") {
      escaped += "&amp;";
    } else if (character == "<") {
      escaped += "&lt;";
    } else if (character == ">") {
      escaped += "&gt;";
    } else if (character == "\"") {
      escaped += "&quot;";
    } else if (character == "'") {
      escaped += "&#39;";
    } else {
      absl::StrAppend(&escaped, character);
    }
    text.remove_prefix(character.size());
  }
  return escaped;
}

}  // namespace likeness
