# Everything the project links. Debian packages come from the system; LibTorch
# and FAISS from the cache that tools/bootstrap.sh fills, unless Torch_DIR or
# faiss_DIR (CMake's variable or the environment's) say otherwise.
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

# Sets <package>_DIR, which keeps what the user gave; a macro for find_package's
# sake, which reads it in the caller's scope.
macro(likeness_default_dir package pattern)
  if(NOT ${package}_DIR)
    if(DEFINED ENV{${package}_DIR})
      set(_likeness_found "$ENV{${package}_DIR}")
    else()
      file(GLOB _likeness_found "${LIKENESS_DEPS_DIR}/${pattern}")
      if(NOT _likeness_found)
        message(FATAL_ERROR "No ${package} in ${LIKENESS_DEPS_DIR}: run "
          "tools/bootstrap.sh, or set ${package}_DIR to the folder of its "
          "CMake package")
      endif()
    endif()
    set(${package}_DIR "${_likeness_found}" CACHE PATH
      "Folder of the CMake package of ${package}" FORCE)
  endif()
endmacro()

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(absl REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Protobuf REQUIRED)
find_package(RocksDB REQUIRED)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(VIPS REQUIRED IMPORTED_TARGET vips)
pkg_check_modules(LCMS2 REQUIRED IMPORTED_TARGET lcms2)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

# OpenCV's own CMake package comes with all of its modules, and hundreds of
# megabytes, in Debian; the two that are used need no more than their libraries.
find_path(LIKENESS_OPENCV_INCLUDE opencv2/features2d.hpp
  PATH_SUFFIXES opencv4 REQUIRED)
add_library(likeness_opencv INTERFACE IMPORTED)
target_include_directories(likeness_opencv INTERFACE "${LIKENESS_OPENCV_INCLUDE}")
foreach(_likeness_module features2d core)
  find_library(LIKENESS_OPENCV_${_likeness_module} opencv_${_likeness_module}
    REQUIRED)
  target_link_libraries(likeness_opencv
    INTERFACE "${LIKENESS_OPENCV_${_likeness_module}}")
endforeach()

# CRoaring: Debian's package has neither a CMake nor a pkg-config file.
find_path(LIKENESS_ROARING_INCLUDE roaring/roaring.h REQUIRED)
find_library(LIKENESS_ROARING roaring REQUIRED)
add_library(likeness_roaring INTERFACE IMPORTED)
target_include_directories(likeness_roaring
  INTERFACE "${LIKENESS_ROARING_INCLUDE}")
target_link_libraries(likeness_roaring INTERFACE "${LIKENESS_ROARING}")

likeness_default_dir(faiss "faiss/lib/cmake/faiss")
find_package(OpenMP REQUIRED)
find_package(faiss CONFIG REQUIRED)
# tools/setup/faiss.sh builds one library for this CPU; a FAISS from elsewhere may
# have one for every CPU and another for AVX2.
set(LIKENESS_FAISS faiss)
if(TARGET faiss_avx2)
  set(LIKENESS_FAISS faiss_avx2)
endif()

if(LIKENESS_WITH_TORCH)
  find_package(gRPC REQUIRED)
  find_package(CLI11 REQUIRED)
  likeness_default_dir(Torch
    "python/lib/python3*/site-packages/torch/share/cmake/Torch")
  # Its package warns about kineto, a profiler that only its static build has.
  set(CMAKE_MESSAGE_LOG_LEVEL ERROR)
  find_package(Torch REQUIRED)
  unset(CMAKE_MESSAGE_LOG_LEVEL)
endif()

if(BUILD_TESTING)
  find_package(GTest REQUIRED)
endif()
