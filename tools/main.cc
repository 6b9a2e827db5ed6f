// The `likeness` program: one command line, a sub-command a file.
#include <string>
#include <vector>

#include "engine/embed/allocator.h"
#include "tools/program.h"

int main(int argc, char** argv) {
  likeness::KeepFreedMemory();
  return likeness::RunProgram(std::vector<std::string>(argv + 1, argv + argc));
}
