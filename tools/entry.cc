// Where the executable (tools/main.cc) enters the library that the program is.
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/embed/allocator.h"
#include "tools/program.h"

extern "C" int LikenessMain(int argc, char** argv);

int LikenessMain(int argc, char** argv) {
  // gRPC would log a failure beside the error that it returns and we report.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  likeness::KeepFreedMemory();
  return likeness::RunProgram(std::vector<std::string>(argv + 1, argv + argc));
}
