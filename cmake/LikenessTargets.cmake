# With LIKENESS_UNITY the target's sources are compiled eight at a time, which
# takes half the time; they still stand for themselves, which LIKENESS_UNITY=OFF
# shows, and lint.
function(likeness_compile_together target)
  if(LIKENESS_UNITY)
    set_target_properties(${target} PROPERTIES
      UNITY_BUILD ON
      UNITY_BUILD_BATCH_SIZE 8)
    # GCC takes a source's private parts for a header's.
    target_compile_options(${target} PRIVATE
      $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# One library a folder: likeness_library(name SOURCES ... [DEPS ...]
# [PRIVATE_DEPS ...] [PRECOMPILED name]) makes likeness::name with the repository's
# root as its include path. DEPS appear in its headers, PRIVATE_DEPS only in its
# sources; PRECOMPILED is one of LikenessPrecompiled's, if not "common".
function(likeness_library name)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(likeness_${name} STATIC ${ARG_SOURCES})
  add_library(likeness::${name} ALIAS likeness_${name})
  target_include_directories(likeness_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(likeness_${name}
    PUBLIC ${ARG_DEPS}
    PRIVATE ${ARG_PRIVATE_DEPS} likeness_warnings)
  if(NOT ARG_PRECOMPILED)
    set(ARG_PRECOMPILED common)
  endif()
  likeness_use_precompiled(likeness_${name} ${ARG_PRECOMPILED})
  likeness_compile_together(likeness_${name})
endfunction()

# likeness_test(name SOURCES ... DEPS ... [LABELS ...] [PRECOMPILED name]) makes
# the test program of a folder and registers it with CTest; PRECOMPILED names its
# header, if not "test".
function(likeness_test name)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "SOURCES;DEPS;LABELS" ${ARGN})
  if(NOT ARG_PRECOMPILED)
    set(ARG_PRECOMPILED test)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name}
    PRIVATE ${ARG_DEPS} likeness_warnings GTest::gmock GTest::gtest_main)
  if(LIKENESS_SANITIZER STREQUAL "thread")
    target_link_libraries(${name} PRIVATE likeness::tsan_abseil)
  endif()
  likeness_use_precompiled(${name} ${ARG_PRECOMPILED})
  # GoogleTest names files as they are included, which together is by whole
  # paths: those of another clone would be other objects.
  target_compile_options(${name} PRIVATE ${LIKENESS_TEST_OPTIONS}
    "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")
  likeness_compile_together(${name})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES
    LABELS "${ARG_LABELS}"
    ENVIRONMENT "LIKENESS_SOURCE_DIR=${PROJECT_SOURCE_DIR};LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp:print_suppressions=0;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/tsan.supp:second_deadlock_stack=1")
endfunction()
