// What the crash test and the program that it kills have in common.
#ifndef LIKENESS_TESTS_UNIT_COLLECTION_FAULTS_CRASH_REPORT_H_
#define LIKENESS_TESTS_UNIT_COLLECTION_FAULTS_CRASH_REPORT_H_

#include <cstdint>

namespace likeness::testing {

inline constexpr int kCrashWriters = 3;
inline constexpr int kIdsOfWriter = 20;

// What a writer tells its parent, before it asks and after it was answered.
// Smaller than PIPE_BUF, so writers don't mix.
struct CrashReport {
  int32_t id = 0;
  int64_t version = 0;  // 0: a delete.
  bool acknowledged = false;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_COLLECTION_FAULTS_CRASH_REPORT_H_
