// UTF-8 validation for the texts that callers choose (ids, names, strings).
#ifndef LIKENESS_ENGINE_CORE_UTF8_H_
#define LIKENESS_ENGINE_CORE_UTF8_H_

#include "absl/strings/string_view.h"

namespace likeness {

// True for well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates,
// nothing above U+10FFFF).
bool IsValidUtf8(absl::string_view text);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_UTF8_H_
