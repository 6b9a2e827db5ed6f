#ifndef LIKENESS_ENGINE_EMBED_CPU_FEATURES_H_
#define LIKENESS_ENGINE_EMBED_CPU_FEATURES_H_

namespace likeness {

// True where the processor multiplies bfloat16 itself (AVX512_BF16 or
// AMX_BF16); elsewhere bfloat16 is emulated and slower than float32.
bool CpuHasBfloat16();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_CPU_FEATURES_H_
