#ifndef LIKENESS_ENGINE_TRAIN_PERMUTATION_H_
#define LIKENESS_ENGINE_TRAIN_PERMUTATION_H_

#include <cstdint>

namespace likeness {

// An order of 0 .. size - 1 that can be asked anywhere without making it: a
// Feistel network over the next even number of bits, walked until it lands
// inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
// Immutable.
class Permutation {
 public:
  // Requires 0 < size < 2^62.
  Permutation(uint64_t size, uint64_t seed);

  // Element `index` of the order; index < size.
  uint64_t At(uint64_t index) const;

 private:
  uint64_t size_;
  uint64_t seed_;
  int half_bits_ = 1;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_PERMUTATION_H_
