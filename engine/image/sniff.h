// Formats told by their first bytes.
#ifndef LIKENESS_ENGINE_IMAGE_SNIFF_H_
#define LIKENESS_ENGINE_IMAGE_SNIFF_H_

#include "absl/strings/string_view.h"

namespace likeness {

// The name of the image format that `bytes` begin like when it is one that this
// program knows but does not decode ("JPEG XL", "SVG"); empty for anything
// else. Formats without a signature (TGA) are named only when their whole
// header makes sense.
absl::string_view NameOfForeignFormat(absl::string_view bytes);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_IMAGE_SNIFF_H_
