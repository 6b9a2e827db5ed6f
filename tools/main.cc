// The `likeness` program: one command line, a sub-command a file.
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/embed/allocator.h"
#include "tools/program.h"

int main(int argc, char** argv) {
  // gRPC would log a failure beside the error that it returns and we report.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  likeness::KeepFreedMemory();
  return likeness::RunProgram(std::vector<std::string>(argv + 1, argv + argc));
}
