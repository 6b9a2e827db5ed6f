# Precompiled headers: reading the same headers is most of what compiling a test,
# or a file that uses LibTorch or gRPC, costs. They hold nothing of the project's
# own, so that they last; every source still includes what it uses
# (CMAKE_DISABLE_PRECOMPILE_HEADERS=ON builds without them, and so does
# clang-tidy).
#
# GCC takes a precompiled header only under the flags that it was made with,
# warnings included, so there are these:
#   common      all other libraries
#   torch       libraries that use LibTorch
#   rpc         libraries that use gRPC
#   test        test programs
#   torch_test  test programs that use LibTorch

# The flags that all of their users share. ccache needs the preprocessor to say
# which header it took.
set(_likeness_precompiled_options
  -pthread $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

# Tests run for a moment and are compiled often. What the sanitizer of undefined
# behaviour is for is the engine: in tests it would double the time that they
# take to compile.
set(LIKENESS_TEST_OPTIONS $<$<CONFIG:Release>:-O1>)
if(LIKENESS_SANITIZER STREQUAL "address")
  list(APPEND LIKENESS_TEST_OPTIONS -Og -fno-sanitize=undefined)
endif()

function(likeness_precompiled name)
  cmake_parse_arguments(ARG "TEST" "" "HEADERS;DEPS" ${ARGN})
  set(target likeness_precompiled_${name})
  set(source "${CMAKE_BINARY_DIR}/precompiled/${name}.cc")
  file(CONFIGURE OUTPUT "${source}" CONTENT "// Carries a precompiled header.\n")
  add_library(${target} OBJECT "${source}")
  target_link_libraries(${target} PRIVATE ${ARG_DEPS} likeness_warnings)
  target_precompile_headers(${target} PRIVATE ${ARG_HEADERS})
  target_compile_options(${target} PRIVATE ${_likeness_precompiled_options})
  if(ARG_TEST)
    # As programs are compiled.
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIE ${LIKENESS_TEST_OPTIONS})
  endif()
endfunction()

function(likeness_use_precompiled target name)
  if(CMAKE_DISABLE_PRECOMPILE_HEADERS)
    return()
  endif()
  target_precompile_headers(${target} REUSE_FROM likeness_precompiled_${name})
  # A header that does not fit is read as text: slower, and worth a warning.
  target_compile_options(${target} PRIVATE ${_likeness_precompiled_options}
    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=invalid-pch>)
endfunction()

set(_likeness_common_headers
  <algorithm>
  <array>
  <cmath>
  <cstdint>
  <filesystem>
  <functional>
  <map>
  <memory>
  <optional>
  <string>
  <utility>
  <vector>
  <absl/status/status.h>
  <absl/status/statusor.h>
  <absl/strings/str_cat.h>
  <absl/strings/str_format.h>
  <absl/strings/str_join.h>
  <absl/strings/string_view.h>
  <absl/synchronization/mutex.h>
  <absl/time/clock.h>
  <absl/time/time.h>
  <absl/types/span.h>
  <nlohmann/json.hpp>)
set(_likeness_common_deps
  absl::status
  absl::statusor
  absl::str_format
  absl::strings
  absl::synchronization
  absl::time
  nlohmann_json::nlohmann_json)
set(_likeness_torch_headers <ATen/ATen.h> <torch/nn/module.h>)
set(_likeness_test_headers
  <fstream>
  <random>
  <set>
  <thread>
  <gmock/gmock.h>
  <gtest/gtest.h>)

likeness_precompiled(common
  HEADERS ${_likeness_common_headers}
  DEPS ${_likeness_common_deps})
if(LIKENESS_WITH_TORCH)
  likeness_precompiled(torch
    HEADERS ${_likeness_common_headers} ${_likeness_torch_headers}
    DEPS ${_likeness_common_deps} ${TORCH_LIBRARIES})
  likeness_precompiled(rpc
    HEADERS ${_likeness_common_headers} <grpcpp/grpcpp.h>
    DEPS ${_likeness_common_deps} gRPC::grpc++)
endif()

if(BUILD_TESTING)
  likeness_precompiled(test TEST
    HEADERS ${_likeness_common_headers} ${_likeness_test_headers}
    DEPS ${_likeness_common_deps} GTest::gmock)
  if(LIKENESS_WITH_TORCH)
    likeness_precompiled(torch_test TEST
      HEADERS
        ${_likeness_common_headers}
        ${_likeness_test_headers}
        ${_likeness_torch_headers}
      DEPS ${_likeness_common_deps} GTest::gmock ${TORCH_LIBRARIES})
  endif()
endif()
