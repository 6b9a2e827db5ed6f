// The seed of a test with random cases.
#ifndef LIKENESS_TESTS_SUPPORT_TEST_SEED_H_
#define LIKENESS_TESTS_SUPPORT_TEST_SEED_H_

#include <cstdint>

namespace likeness::testing {

// A new one at each call, or LIKENESS_TEST_SEED from the environment, which
// repeats a failure; either is printed.
uint64_t TestSeed();

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_TEST_SEED_H_
