#ifndef LIKENESS_ENGINE_CORE_CHECKSUM_H_
#define LIKENESS_ENGINE_CORE_CHECKSUM_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace likeness {

// XXH3-64 (seed 0) of `bytes`: finds what disks and memory do to bytes, not
// what an adversary does.
uint64_t Checksum64(absl::string_view bytes);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_CHECKSUM_H_
