// The `likeness` program: one command line, a sub-command a file.
#include <string>
#include <vector>

#include "tools/program.h"

int main(int argc, char** argv) {
  return likeness::RunProgram(std::vector<std::string>(argv + 1, argv + argc));
}
