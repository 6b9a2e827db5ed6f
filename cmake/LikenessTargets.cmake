# One library a folder: likeness_library(name SOURCES ... [DEPS ...]
# [PRIVATE_DEPS ...]) makes likeness::name with the repository's root as its
# include path. DEPS appear in its headers, PRIVATE_DEPS only in its sources.
add_library(likeness_warnings INTERFACE)
target_compile_options(likeness_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
# GCC 12 takes std::string's own code for overlapping copies (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(likeness_warnings INTERFACE -Wno-restrict)
endif()

function(likeness_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(likeness_${name} STATIC ${ARG_SOURCES})
  add_library(likeness::${name} ALIAS likeness_${name})
  target_include_directories(likeness_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(likeness_${name}
    PUBLIC ${ARG_DEPS}
    PRIVATE ${ARG_PRIVATE_DEPS} likeness_warnings)
endfunction()

# likeness_test(name SOURCES ... DEPS ... [LABELS ...] [DATA]) makes one test
# program of a folder and registers each of its tests with CTest.
function(likeness_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name}
    PRIVATE ${ARG_DEPS} likeness_warnings GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES
    LABELS "${ARG_LABELS}"
    ENVIRONMENT "LIKENESS_SOURCE_DIR=${PROJECT_SOURCE_DIR};LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp:print_suppressions=0")
endfunction()
