// Vectors in fewer bytes. Private to engine/index.
#ifndef LIKENESS_ENGINE_INDEX_VECTOR_CODE_H_
#define LIKENESS_ENGINE_INDEX_VECTOR_CODE_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace likeness {

// `dimensions` rounded up to what the kernels take.
size_t Int8CodeWidth(size_t dimensions);
size_t TwoByteCodeWidth(size_t dimensions);

// The step at which the largest of `values` becomes 127; 0 for zeros.
float Int8Step(absl::Span<const float> values);

// The nearest multiples of `step`, cut at 127 of them; zeros behind them.
void EncodeInt8(absl::Span<const float> vector, float step,
                absl::Span<int8_t> code);

// The nearest numbers with 8 bits of mantissa, ties to even; zeros behind them.
void EncodeBfloat16(absl::Span<const float> vector, absl::Span<uint16_t> code);

// Of IEEE 754 binary16, cut at the largest that is finite; likewise.
void EncodeFloat16(absl::Span<const float> vector, absl::Span<uint16_t> code);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_VECTOR_CODE_H_
