#include "engine/embed/torch_module.h"

#include <dlfcn.h>

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace likeness {
namespace {

constexpr char kModuleFile[] = "liblikeness_torch.so";

std::string ModulePath() {
  Dl_info own{};
  dladdr(reinterpret_cast<const void*>(&FindInTorchModule), &own);
  return (std::filesystem::absolute(own.dli_fname).parent_path() / kModuleFile)
      .lexically_normal()
      .string();
}

absl::Status CannotUse(const std::string& path) {
  return absl::FailedPreconditionError(absl::StrCat(
      "cannot load what runs networks, ", path, ": ", dlerror(),
      "; that file and LibTorch belong to the installation: install or build "
      "likeness anew"));
}

}  // namespace

absl::StatusOr<const void*> FindInTorchModule(const char* name) {
  const std::string path = ModulePath();
  // Opened again it is the same one. Lazy: LibTorch has 40,000 functions to
  // bind, and the linker has seen that the module's own are all there.
  void* const module = dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (module == nullptr) return CannotUse(path);
  const void* const found = dlsym(module, name);
  if (found == nullptr) return CannotUse(path);
  return found;
}

}  // namespace likeness
