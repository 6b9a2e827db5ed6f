#include "engine/embed/allocator.h"

#include <cstdlib>  // Defines __GLIBC__.

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace likeness {

void KeepFreedMemory() {
#if defined(__GLIBC__)
  // Above the largest feature map of a batch.
  constexpr int kThreshold = 256 << 20;
  mallopt(M_MMAP_THRESHOLD, kThreshold);
  mallopt(M_TRIM_THRESHOLD, kThreshold);
#endif
}

}  // namespace likeness
