# Compiler settings and the project's own switches.
include(CTest)
include(GNUInstallDirs)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# Off: only the rooms that need no LibTorch are built (core, image, index, store,
# collection), for the sanitizers.
option(LIKENESS_WITH_TORCH "Build the rooms that need LibTorch" ON)
# "address", "thread" or empty; "address" brings undefined behaviour along.
set(LIKENESS_SANITIZER "" CACHE STRING "Sanitizer to build with")

option(LIKENESS_UNITY "Compile the sources of a library several at a time")

add_library(likeness_warnings INTERFACE)
target_compile_options(likeness_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
# GCC 12 takes std::string's own code for overlapping copies (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(likeness_warnings INTERFACE -Wno-restrict)
endif()

# Paths count relative to the clone, so that another clone finds the same
# objects; the sloppiness is what precompiled headers need, and the inode cache
# keeps the hash of one, which is big, from one compilation to the next.
find_program(LIKENESS_CCACHE ccache)
if(LIKENESS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(_likeness_launcher env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}"
    CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_INODECACHE=1 "${LIKENESS_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${_likeness_launcher}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${_likeness_launcher}")
endif()
find_program(LIKENESS_MOLD mold)
if(LIKENESS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(LIKENESS_SANITIZER STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(LIKENESS_SANITIZER STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(LIKENESS_SANITIZER)
  message(FATAL_ERROR "LIKENESS_SANITIZER is \"${LIKENESS_SANITIZER}\"; "
    "use address, thread or nothing")
endif()
