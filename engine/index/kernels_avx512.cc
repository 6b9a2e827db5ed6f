// Kernels for processors with AVX-512 (F, BW and VNNI). The functions carry the
// instruction set as an attribute: nothing else of the program may use it.
#include "engine/index/kernel_block.h"
#include "engine/index/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace likeness {
namespace {

[[gnu::target("avx512f,avx512bw,avx512vnni")]] void Float32(
    const float* query, const float* const* rows, size_t count, size_t width,
    float* out) {
  for (size_t i = 0; i < count; i += kBlockRows) {
    const RowBlock<float> block(rows, i, count);
    if (i + kBlockRows < count) {
      RowBlock<float>(rows, i + kBlockRows, count).Prefetch(width);
    }
    __m512 sums[kBlockRows] = {};
    size_t j = 0;
    for (; j + 16 <= width; j += 16) {
      const __m512 q = _mm512_loadu_ps(query + j);
#pragma GCC unroll 4
      for (size_t r = 0; r < kBlockRows; ++r) {
        sums[r] =
            _mm512_fmadd_ps(q, _mm512_loadu_ps(block.row[r] + j), sums[r]);
      }
    }
    if (j < width) {
      const auto mask = static_cast<__mmask16>((1U << (width - j)) - 1);
      const __m512 q = _mm512_maskz_loadu_ps(mask, query + j);
#pragma GCC unroll 4
      for (size_t r = 0; r < kBlockRows; ++r) {
        sums[r] = _mm512_fmadd_ps(
            q, _mm512_maskz_loadu_ps(mask, block.row[r] + j), sums[r]);
      }
    }
    float products[kBlockRows];
#pragma GCC unroll 4
    for (size_t r = 0; r < kBlockRows; ++r) {
      products[r] = _mm512_reduce_add_ps(sums[r]);
    }
    StoreBlock(products, i, count, out);
  }
}

// Widened rather than multiplied as bfloat16 (AVX512_BF16), which would round
// the query as well; the rows' way from memory takes longer than either.
struct Bfloat16 {
  [[gnu::target("avx512f,avx512bw,avx512vnni")]] static inline __m512 Widen(
      __m256i packed) {
    return _mm512_castsi512_ps(
        _mm512_slli_epi32(_mm512_cvtepu16_epi32(packed), 16));
  }
};

struct Float16 {
  [[gnu::target("avx512f,avx512bw,avx512vnni")]] static inline __m512 Widen(
      __m256i packed) {
    return _mm512_cvtph_ps(packed);
  }
};

template <typename Code>
[[gnu::target("avx512f,avx512bw,avx512vnni")]] inline __m512 Load(
    const uint16_t* values) {
  return Code::Widen(
      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values)));
}

template <typename Code>
[[gnu::target("avx512f,avx512bw,avx512vnni")]] void TwoBytes(
    const float* query, const uint16_t* const* rows, size_t count, size_t width,
    float* out) {
  for (size_t i = 0; i < count; i += kBlockRows) {
    const RowBlock<uint16_t> block(rows, i, count);
    if (i + kBlockRows < count) {
      RowBlock<uint16_t>(rows, i + kBlockRows, count).Prefetch(width);
    }
    __m512 sums[kBlockRows] = {};
    for (size_t j = 0; j < width; j += 16) {
      const __m512 q = _mm512_loadu_ps(query + j);
#pragma GCC unroll 4
      for (size_t r = 0; r < kBlockRows; ++r) {
        sums[r] = _mm512_fmadd_ps(q, Load<Code>(block.row[r] + j), sums[r]);
      }
    }
    float products[kBlockRows];
#pragma GCC unroll 4
    for (size_t r = 0; r < kBlockRows; ++r) {
      products[r] = _mm512_reduce_add_ps(sums[r]);
    }
    StoreBlock(products, i, count, out);
  }
}

[[gnu::target("avx512f,avx512bw,avx512vnni")]] inline __m512i LoadBytes(
    const int8_t* bytes) {
  return _mm512_loadu_si512(bytes);
}

// dpbusd multiplies unsigned by signed bytes: the query's signs go to the row.
[[gnu::target("avx512f,avx512bw,avx512vnni")]] void Int8(
    const int8_t* query, const int8_t* const* rows, size_t count, size_t width,
    float* out) {
  for (size_t i = 0; i < count; i += kBlockRows) {
    const RowBlock<int8_t> block(rows, i, count);
    if (i + kBlockRows < count) {
      RowBlock<int8_t>(rows, i + kBlockRows, count).Prefetch(width);
    }
    __m512i sums[kBlockRows] = {};
    for (size_t j = 0; j < width; j += 64) {
      const __m512i q = LoadBytes(query + j);
      const __m512i sizes = _mm512_abs_epi8(q);
      const __mmask64 negative = _mm512_movepi8_mask(q);
#pragma GCC unroll 4
      for (size_t r = 0; r < kBlockRows; ++r) {
        const __m512i row = LoadBytes(block.row[r] + j);
        const __m512i turned =
            _mm512_mask_sub_epi8(row, negative, _mm512_setzero_si512(), row);
        sums[r] = _mm512_dpbusd_epi32(sums[r], sizes, turned);
      }
    }
    float products[kBlockRows];
#pragma GCC unroll 4
    for (size_t r = 0; r < kBlockRows; ++r) {
      products[r] = static_cast<float>(_mm512_reduce_add_epi32(sums[r]));
    }
    StoreBlock(products, i, count, out);
  }
}

constexpr Kernels kAvx512 = {"avx512", Float32, TwoBytes<Bfloat16>,
                             TwoBytes<Float16>, Int8};

}  // namespace

const Kernels* Avx512Kernels() { return &kAvx512; }

}  // namespace likeness

#else

namespace likeness {

const Kernels* Avx512Kernels() { return nullptr; }

}  // namespace likeness

#endif
