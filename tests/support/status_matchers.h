// GoogleTest matchers for absl::Status and absl::StatusOr.
#ifndef LIKENESS_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define LIKENESS_TESTS_SUPPORT_STATUS_MATCHERS_H_

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/core/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace likeness::testing {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

MATCHER_P(HasCode, code, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// Also checks that `text` is part of the message.
MATCHER_P2(Fails, code, text,
           "fails with " + absl::StatusCodeToString(code) + " and says \"" +
               std::string(text) + "\"") {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         std::string(StatusOf(arg).message()).find(text) != std::string::npos;
}

// What asks for something that can't be: also checks the message.
MATCHER_P(IsInvalid, text,
          "is an invalid argument and says \"" + std::string(text) + "\"") {
  return ::testing::ExplainMatchResult(
      Fails(absl::StatusCode::kInvalidArgument, text), arg, result_listener);
}

MATCHER_P(HasReason, reason, "has the reason " + std::string(reason)) {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return ReasonOf(StatusOf(arg)) == reason;
}

MATCHER_P(BlamesField, field, "blames the field " + std::string(field)) {
  *result_listener << "which is " << StatusOf(arg).ToString();
  return FieldOf(StatusOf(arg)) == field;
}

}  // namespace likeness::testing

#define EXPECT_OK(expression) \
  EXPECT_THAT(expression, ::likeness::testing::IsOk())
#define ASSERT_OK(expression) \
  ASSERT_THAT(expression, ::likeness::testing::IsOk())

#define LIKENESS_TEST_CONCAT_INNER_(a, b) a##b
#define LIKENESS_TEST_CONCAT_(a, b) LIKENESS_TEST_CONCAT_INNER_(a, b)
#define LIKENESS_ASSERT_OK_AND_ASSIGN_IMPL_(result, lhs, expression) \
  auto result = (expression);                                        \
  ASSERT_THAT(result, ::likeness::testing::IsOk());                  \
  lhs = *std::move(result)

// Stops the test unless `expression` (a StatusOr) is OK; else assigns its
// value.
#define ASSERT_OK_AND_ASSIGN(lhs, expression) \
  LIKENESS_ASSERT_OK_AND_ASSIGN_IMPL_(        \
      LIKENESS_TEST_CONCAT_(result_, __LINE__), lhs, expression)

#endif  // LIKENESS_TESTS_SUPPORT_STATUS_MATCHERS_H_
