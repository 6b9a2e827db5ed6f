#include "engine/index/kernels.h"

#include <bit>

#include "engine/core/half.h"

namespace likeness {
namespace {

// Eight sums, which compilers turn into vectors of any size.
constexpr size_t kSums = 8;

float Total(const float* sums) {
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) +
         ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

float Same(float value) { return value; }
float FromBfloat16(uint16_t value) {
  return std::bit_cast<float>(uint32_t{value} << 16);
}

template <typename Row, float (*ToFloat)(Row)>
void PlainFloats(const float* query, const Row* const* rows, size_t count,
                 size_t width, float* out) {
  for (size_t i = 0; i < count; ++i) {
    const Row* row = rows[i];
    float sums[kSums] = {};
    size_t j = 0;
    for (; j + kSums <= width; j += kSums) {
      for (size_t s = 0; s < kSums; ++s) {
        sums[s] += query[j + s] * ToFloat(row[j + s]);
      }
    }
    for (; j < width; ++j) sums[j % kSums] += query[j] * ToFloat(row[j]);
    out[i] = Total(sums);
  }
}

void PlainInt8(const int8_t* query, const int8_t* const* rows, size_t count,
               size_t width, float* out) {
  for (size_t i = 0; i < count; ++i) {
    int32_t sum = 0;
    for (size_t j = 0; j < width; ++j) sum += query[j] * rows[i][j];
    out[i] = static_cast<float>(sum);
  }
}

constexpr Kernels kPlain = {"plain", PlainFloats<float, Same>,
                            PlainFloats<uint16_t, FromBfloat16>,
                            PlainFloats<uint16_t, HalfToFloat>, PlainInt8};

bool CpuHasAvx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("f16c");
#else
  return false;
#endif
}

bool CpuHasAvx512() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

}  // namespace

const Kernels& BestKernels() {
  static const Kernels& best = *RunnableKernels().back();
  return best;
}

std::vector<const Kernels*> RunnableKernels() {
  std::vector<const Kernels*> found = {&kPlain};
  if (CpuHasAvx2() && Avx2Kernels() != nullptr) found.push_back(Avx2Kernels());
  if (CpuHasAvx512() && Avx512Kernels() != nullptr) {
    found.push_back(Avx512Kernels());
  }
  return found;
}

}  // namespace likeness
