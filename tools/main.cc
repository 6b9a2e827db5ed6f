// The `likeness` program: opens the library that all of it is in.
//
// Opens, because of LibTorch, which is loaded late
// (engine/embed/torch_module.h) and calls BLAS and LAPACK, its own, through the
// dynamic linker. Whatever a program is linked with is asked first, for as long
// as it runs: linked here, the BLAS of FAISS and OpenCV would take the place of
// LibTorch's, and with it speed, and vectors that depend on LibTorch alone.
// What is opened, and kept local, is asked only for what was opened with it.
#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

int main(int argc, char** argv) {
  std::error_code error;
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path library =
      (program.parent_path() / LIKENESS_LIBRARY).lexically_normal();
  using Run = int (*)(int, char**);
  Run run = nullptr;
  if (void* const opened = dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL)) {
    run = reinterpret_cast<Run>(dlsym(opened, "LikenessMain"));
  }
  if (run != nullptr) return run(argc, argv);
  std::cerr << "likeness: cannot load the program, " << library.native() << ": "
            << dlerror()
            << "; that file belongs to the installation: install or build "
               "likeness anew\n";
  return EXIT_FAILURE;
}
