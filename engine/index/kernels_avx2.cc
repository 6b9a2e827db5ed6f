// Kernels for processors with AVX2, FMA and F16C. The functions carry the
// instruction set as an attribute: nothing else of the program may use it.
#include "engine/index/kernel_block.h"
#include "engine/index/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace likeness {
namespace {

// The sum of each of four vectors, in order.
[[gnu::target("avx2,fma")]] inline __m128 SumEach(const __m256* of) {
  const __m256 pairs = _mm256_hadd_ps(_mm256_hadd_ps(of[0], of[1]),
                                      _mm256_hadd_ps(of[2], of[3]));
  return _mm_add_ps(_mm256_castps256_ps128(pairs),
                    _mm256_extractf128_ps(pairs, 1));
}

[[gnu::target("avx2,fma")]] inline __m128i SumEach(const __m256i* of) {
  const __m256i pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(of[0], of[1]),
                                          _mm256_hadd_epi32(of[2], of[3]));
  return _mm_add_epi32(_mm256_castsi256_si128(pairs),
                       _mm256_extracti128_si256(pairs, 1));
}

// Selects the first `lanes` (0 to 8) of eight.
[[gnu::target("avx2,fma")]] inline __m256i FirstLanes(size_t lanes) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(lanes)),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

[[gnu::target("avx2,fma")]] inline __m128 Float32Block(
    const float* query, const RowBlock<float>& rows, size_t width) {
  __m256 low[kBlockRows] = {};
  __m256 high[kBlockRows] = {};
  size_t j = 0;
  for (; j + 16 <= width; j += 16) {
    const __m256 q_low = _mm256_loadu_ps(query + j);
    const __m256 q_high = _mm256_loadu_ps(query + j + 8);
#pragma GCC unroll 4
    for (size_t r = 0; r < kBlockRows; ++r) {
      low[r] = _mm256_fmadd_ps(q_low, _mm256_loadu_ps(rows.row[r] + j), low[r]);
      high[r] = _mm256_fmadd_ps(q_high, _mm256_loadu_ps(rows.row[r] + j + 8),
                                high[r]);
    }
  }
  for (; j < width; j += 8) {
    const __m256i mask = FirstLanes(std::min<size_t>(8, width - j));
    const __m256 q = _mm256_maskload_ps(query + j, mask);
#pragma GCC unroll 4
    for (size_t r = 0; r < kBlockRows; ++r) {
      low[r] =
          _mm256_fmadd_ps(q, _mm256_maskload_ps(rows.row[r] + j, mask), low[r]);
    }
  }
#pragma GCC unroll 4
  for (size_t r = 0; r < kBlockRows; ++r) {
    low[r] = _mm256_add_ps(low[r], high[r]);
  }
  return SumEach(low);
}

[[gnu::target("avx2,fma")]] void Float32(const float* query,
                                         const float* const* rows, size_t count,
                                         size_t width, float* out) {
  for (size_t i = 0; i < count; i += kBlockRows) {
    const RowBlock<float> block(rows, i, count);
    if (i + kBlockRows < count) {
      RowBlock<float>(rows, i + kBlockRows, count).Prefetch(width);
    }
    float products[kBlockRows];
    _mm_storeu_ps(products, Float32Block(query, block, width));
    StoreBlock(products, i, count, out);
  }
}

struct Bfloat16 {
  [[gnu::target("avx2,fma")]] static inline __m256 Widen(__m128i packed) {
    return _mm256_castsi256_ps(
        _mm256_slli_epi32(_mm256_cvtepu16_epi32(packed), 16));
  }
};

struct Float16 {
  [[gnu::target("avx2,fma,f16c")]] static inline __m256 Widen(__m128i packed) {
    return _mm256_cvtph_ps(packed);
  }
};

template <typename Code>
[[gnu::target("avx2,fma,f16c")]] inline __m256 Load(const uint16_t* values) {
  return Code::Widen(_mm_loadu_si128(reinterpret_cast<const __m128i*>(values)));
}

template <typename Code>
[[gnu::target("avx2,fma,f16c")]] void TwoBytes(const float* query,
                                               const uint16_t* const* rows,
                                               size_t count, size_t width,
                                               float* out) {
  for (size_t i = 0; i < count; i += kBlockRows) {
    const RowBlock<uint16_t> block(rows, i, count);
    if (i + kBlockRows < count) {
      RowBlock<uint16_t>(rows, i + kBlockRows, count).Prefetch(width);
    }
    __m256 low[kBlockRows] = {};
    __m256 high[kBlockRows] = {};
    for (size_t j = 0; j < width; j += 16) {
      const __m256 q_low = _mm256_loadu_ps(query + j);
      const __m256 q_high = _mm256_loadu_ps(query + j + 8);
#pragma GCC unroll 4
      for (size_t r = 0; r < kBlockRows; ++r) {
        low[r] = _mm256_fmadd_ps(q_low, Load<Code>(block.row[r] + j), low[r]);
        high[r] =
            _mm256_fmadd_ps(q_high, Load<Code>(block.row[r] + j + 8), high[r]);
      }
    }
#pragma GCC unroll 4
    for (size_t r = 0; r < kBlockRows; ++r) {
      low[r] = _mm256_add_ps(low[r], high[r]);
    }
    float products[kBlockRows];
    _mm_storeu_ps(products, SumEach(low));
    StoreBlock(products, i, count, out);
  }
}

[[gnu::target("avx2,fma")]] inline __m256i LoadBytes(const int8_t* bytes) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}

// maddubs multiplies unsigned by signed bytes: the query's signs go to the row.
// Two products are at most 2 * 127 * 127 = 32,258 together and fit 16 bits.
[[gnu::target("avx2,fma")]] void Int8(const int8_t* query,
                                      const int8_t* const* rows, size_t count,
                                      size_t width, float* out) {
  const __m256i ones = _mm256_set1_epi16(1);
  for (size_t i = 0; i < count; i += kBlockRows) {
    const RowBlock<int8_t> block(rows, i, count);
    if (i + kBlockRows < count) {
      RowBlock<int8_t>(rows, i + kBlockRows, count).Prefetch(width);
    }
    __m256i sums[kBlockRows] = {};
    for (size_t j = 0; j < width; j += 32) {
      const __m256i q = LoadBytes(query + j);
      const __m256i sizes = _mm256_abs_epi8(q);
#pragma GCC unroll 4
      for (size_t r = 0; r < kBlockRows; ++r) {
        const __m256i row = _mm256_sign_epi8(LoadBytes(block.row[r] + j), q);
        const __m256i pairs = _mm256_maddubs_epi16(sizes, row);
        sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(pairs, ones));
      }
    }
    float products[kBlockRows];
    _mm_storeu_ps(products, _mm_cvtepi32_ps(SumEach(sums)));
    StoreBlock(products, i, count, out);
  }
}

constexpr Kernels kAvx2 = {"avx2", Float32, TwoBytes<Bfloat16>,
                           TwoBytes<Float16>, Int8};

}  // namespace

const Kernels* Avx2Kernels() { return &kAvx2; }

}  // namespace likeness

#else

namespace likeness {

const Kernels* Avx2Kernels() { return nullptr; }

}  // namespace likeness

#endif
