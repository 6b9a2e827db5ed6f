// The part of the engine that calls LibTorch is a library of its own, the
// module. A process opens it when it first has a network to run: loading
// LibTorch takes a quarter of a second and leaving it a tenth, which a command
// that asks a server, and a server that has yet to answer whether it is well,
// can't spare.
//
// The module brings the code that calls LibTorch and nothing else; what that
// code calls of the engine is the program's. Tests link it instead
// (likeness::embed_torch, likeness::train_torch).
#ifndef LIKENESS_ENGINE_EMBED_TORCH_MODULE_H_
#define LIKENESS_ENGINE_EMBED_TORCH_MODULE_H_

#include "absl/status/statusor.h"
#include "engine/core/status_macros.h"

namespace likeness {

// Where the module, opened by the first call that comes here, keeps what it
// exports as `name` (a torch_exports.cc). The module stays until the process
// ends. FAILED_PRECONDITION names its file, beside the one that this code is
// in, and says what to do when it, or a library that it needs, is not there.
// Thread-safe.
absl::StatusOr<const void*> FindInTorchModule(const char* name);

// The function that the module exports the address of as `name`.
template <typename Function>
absl::StatusOr<Function*> TorchFunction(const char* name) {
  ASSIGN_OR_RETURN(const void* const address, FindInTorchModule(name));
  return *static_cast<Function* const*>(address);
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_TORCH_MODULE_H_
