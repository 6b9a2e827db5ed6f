// The project's only two macros: early return on a failed status.
#ifndef LIKENESS_ENGINE_CORE_STATUS_MACROS_H_
#define LIKENESS_ENGINE_CORE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Evaluates `expr` (an absl::Status) once and returns it from the enclosing
// function unless it is OK.
#define RETURN_IF_ERROR(expr)                                             \
  do {                                                                    \
    if (absl::Status likeness_status_ = (expr); !likeness_status_.ok()) { \
      return likeness_status_;                                            \
    }                                                                     \
  } while (false)

#define LIKENESS_MACRO_CONCAT_INNER_(a, b) a##b
#define LIKENESS_MACRO_CONCAT_(a, b) LIKENESS_MACRO_CONCAT_INNER_(a, b)
#define LIKENESS_ASSIGN_OR_RETURN_IMPL_(result, lhs, expr) \
  auto result = (expr);                                    \
  if (!result.ok()) return std::move(result).status();     \
  lhs = *std::move(result)

// Evaluates `expr` (an absl::StatusOr<T>) once; returns its status from the
// enclosing function on failure, else assigns the value to `lhs`, which may
// declare a variable.
#define ASSIGN_OR_RETURN(lhs, expr) \
  LIKENESS_ASSIGN_OR_RETURN_IMPL_(  \
      LIKENESS_MACRO_CONCAT_(likeness_statusor_, __LINE__), lhs, expr)

#endif  // LIKENESS_ENGINE_CORE_STATUS_MACROS_H_
