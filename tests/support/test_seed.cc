#include "tests/support/test_seed.h"

#include <cstdlib>
#include <random>

#include "absl/strings/str_format.h"

namespace likeness::testing {

uint64_t TestSeed() {
  const char* given = std::getenv("LIKENESS_TEST_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10)
                                         : std::random_device()();
  absl::PrintF("run again with LIKENESS_TEST_SEED=%u\n", seed);
  return seed;
}

}  // namespace likeness::testing
