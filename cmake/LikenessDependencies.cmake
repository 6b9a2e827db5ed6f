# Everything the project links. Debian packages come from the system; LibTorch
# and FAISS from the cache that tools/bootstrap.sh fills, unless Torch_DIR or
# faiss_DIR say otherwise.
set(_likeness_cache "$ENV{XDG_CACHE_HOME}")
if(NOT _likeness_cache)
  set(_likeness_cache "$ENV{HOME}/.cache")
endif()
set(_likeness_deps "$ENV{LIKENESS_DEPS_DIR}")
if(NOT _likeness_deps)
  set(_likeness_deps "${_likeness_cache}/likeness")
endif()
set(LIKENESS_DEPS_DIR "${_likeness_deps}" CACHE PATH
  "Where tools/bootstrap.sh put LibTorch, FAISS and the ImageNet model")

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(absl REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Protobuf REQUIRED)
find_package(RocksDB REQUIRED)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(VIPS REQUIRED IMPORTED_TARGET vips)
pkg_check_modules(GDK_PIXBUF REQUIRED IMPORTED_TARGET gdk-pixbuf-2.0)
pkg_check_modules(LCMS2 REQUIRED IMPORTED_TARGET lcms2)

if(NOT faiss_DIR)
  set(faiss_DIR "${LIKENESS_DEPS_DIR}/faiss/lib/cmake/faiss" CACHE PATH
    "Folder of faiss-config.cmake" FORCE)
endif()
find_package(OpenMP REQUIRED)
find_package(faiss CONFIG REQUIRED)

if(LIKENESS_WITH_TORCH)
  find_package(gRPC REQUIRED)
  find_package(CLI11 REQUIRED)
  if(NOT Torch_DIR)
    file(GLOB _likeness_torch
      "${LIKENESS_DEPS_DIR}/python/lib/python3*/site-packages/torch/share/cmake/Torch")
    set(Torch_DIR "${_likeness_torch}" CACHE PATH
      "Folder of TorchConfig.cmake" FORCE)
  endif()
  find_package(Torch REQUIRED)
endif()

if(BUILD_TESTING)
  find_package(GTest REQUIRED)
endif()
