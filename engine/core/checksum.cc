#include "engine/core/checksum.h"

#include <xxhash.h>

namespace likeness {

uint64_t Checksum64(absl::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace likeness
