#ifndef LIKENESS_ENGINE_CORE_NEAREST_H_
#define LIKENESS_ENGINE_CORE_NEAREST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace likeness {

// The candidate that a mistyped `word` most likely meant (fewest insertions,
// deletions, replacements and swapped neighbours); empty when none is close:
// more than a third of the word would have to change.
std::string Nearest(absl::string_view word,
                    const std::vector<std::string>& candidates);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_NEAREST_H_
