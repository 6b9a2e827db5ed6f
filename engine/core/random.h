// Random numbers that are the same on every platform.
#ifndef LIKENESS_ENGINE_CORE_RANDOM_H_
#define LIKENESS_ENGINE_CORE_RANDOM_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace likeness {

// One round of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom
// Number Generators", 2014): a bijection that scatters neighbouring numbers.
constexpr uint64_t ScatterBits(uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

// A seed for what is numbered `value` under `seed`: chained, it makes
// everything random a function of (run seed, step, slot), whoever draws it and
// when.
constexpr uint64_t MixSeed(uint64_t seed, uint64_t value) {
  return ScatterBits(ScatterBits(seed) ^ value);
}

// xoshiro256++ (Blackman and Vigna, "Scrambled Linear Pseudorandom Number
// Generators", 2021), seeded by SplitMix64 as its authors advise. The standard
// library's distributions differ between implementations; these do not. Not for
// secrets. Not thread-safe: one object a task, cheap to make.
class Random {
 public:
  // Generators with different streams under one seed are independent.
  explicit Random(uint64_t seed, uint64_t stream = 0) {
    uint64_t word = MixSeed(seed, stream);
    for (uint64_t& part : state_) part = word = ScatterBits(word);
  }

  // 64 random bits.
  uint64_t Next() {
    const uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // In [0, 1), a multiple of 2^-53.
  double Uniform() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

  // In [low, high); `low` when both are equal.
  double Uniform(double low, double high) {
    return low + (high - low) * Uniform();
  }

  // In 0 .. count - 1, each equally likely. Requires count > 0.
  size_t Below(size_t count) {
    // Values below the remainder would make the small results likelier.
    const uint64_t bound = count;
    const uint64_t remainder = (0 - bound) % bound;
    uint64_t value = Next();
    while (value < remainder) value = Next();
    return static_cast<size_t>(value % bound);
  }

  // Mean 0, variance 1, |x| <= 6: the sum of twelve uniform numbers, nearly
  // normal (excess kurtosis -0.1), and free of the logarithms that differ in
  // their last bit from one mathematical library to the next.
  double Normal() {
    uint64_t sum = 0;
    for (int i = 0; i < 6; ++i) {
      const uint64_t bits = Next();
      sum += (bits >> 32) + (bits & 0xffffffffU);
    }
    return static_cast<double>(sum) * 0x1p-32 - 6;
  }

  // True with the given probability; never at 0, always at 1.
  bool Chance(double probability) { return Uniform() < probability; }

  // Every order is equally likely (Fisher and Yates). `container` has random
  // access.
  template <typename Container>
  void Shuffle(Container& container) {
    for (size_t left = container.size(); left > 1; --left) {
      using std::swap;
      swap(container[left - 1], container[Below(left)]);
    }
  }

 private:
  std::array<uint64_t, 4> state_{};
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_RANDOM_H_
