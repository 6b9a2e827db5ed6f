// Inner products of a query with rows, for each form that rows are kept in and
// each instruction set. Private to engine/index.
//
// A kernel takes rows by address, so that one serves rows behind each other as
// well as rows that a graph or a filter picked, and asks for the next rows'
// cache lines while it works on these. Which rows share a call does not change
// their products.
#ifndef LIKENESS_ENGINE_INDEX_KERNELS_H_
#define LIKENESS_ENGINE_INDEX_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace likeness {

// Sets out[i] = <query, rows[i]> for i < count. All of them have `width`
// elements.
template <typename Query, typename Row>
using Kernel = void (*)(const Query* query, const Row* const* rows,
                        size_t count, size_t width, float* out);

// Widths that the kernels of codes take: multiples of these. Pad with zeros.
inline constexpr size_t kInt8Width = 64;
inline constexpr size_t kTwoByteWidth = 32;

struct Kernels {
  absl::string_view name;  // "avx2".
  // Any width and alignment.
  Kernel<float, float> float32;
  // Rows of bfloat16 (the upper half of a float's bits).
  Kernel<float, uint16_t> bfloat16;
  // Rows of IEEE 754 binary16.
  Kernel<float, uint16_t> float16;
  // Values -127 to 127; the same numbers from every instruction set.
  Kernel<int8_t, int8_t> int8;
};

// The fastest that this processor can run.
const Kernels& BestKernels();

// All that this processor can run, the plain loops (no vector instructions
// asked for) first.
std::vector<const Kernels*> RunnableKernels();

// nullptr where the program was built for another architecture.
const Kernels* Avx2Kernels();
const Kernels* Avx512Kernels();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_INDEX_KERNELS_H_
