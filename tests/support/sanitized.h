// Whether a sanitizer watches the tests.
#ifndef LIKENESS_TESTS_SUPPORT_SANITIZED_H_
#define LIKENESS_TESTS_SUPPORT_SANITIZED_H_

#include "absl/base/config.h"

namespace likeness::testing {

// Everything is several times slower then, and a test that repeats the same
// many times, which it does in full without, may repeat it less often.
#if defined(ABSL_HAVE_ADDRESS_SANITIZER) || defined(ABSL_HAVE_THREAD_SANITIZER)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SUPPORT_SANITIZED_H_
