#include "engine/embed/cpu_features.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace likeness {

bool CpuHasBfloat16() {
#if defined(__x86_64__)
  // Intel's manual, volume 2, CPUID leaf 7: sub-leaf 1 EAX bit 5 is
  // AVX512_BF16, sub-leaf 0 EDX bit 22 is AMX_BF16. Whether the system saves
  // these registers is asked of the compiler's run-time, which knows AVX512F
  // only when it does.
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (!__builtin_cpu_supports("avx512f")) return false;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
  const bool amx = ((edx >> 22) & 1U) != 0;
  if (__get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) == 0) return false;
  const bool avx512 = ((eax >> 5) & 1U) != 0;
  return amx || avx512;
#else
  return false;
#endif
}

}  // namespace likeness
