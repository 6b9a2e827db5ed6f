// The border where LibTorch's exceptions end.
#ifndef LIKENESS_ENGINE_EMBED_TORCH_ERROR_H_
#define LIKENESS_ENGINE_EMBED_TORCH_ERROR_H_

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace likeness {

// Calls `function`, which returns an absl::Status or StatusOr, and turns what
// it throws into a status: INTERNAL with LibTorch's message,
// RESOURCE_EXHAUSTED when memory ran out.
template <typename Function>
auto CatchTorch(Function&& function) -> decltype(function()) {
  try {
    return std::forward<Function>(function)();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError("LibTorch: out of memory");
  } catch (const c10::Error& error) {
    return absl::InternalError(
        absl::StrCat("LibTorch: ", error.what_without_backtrace()));
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("LibTorch: ", error.what()));
  }
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_TORCH_ERROR_H_
