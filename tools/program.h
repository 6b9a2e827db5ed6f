#ifndef LIKENESS_TOOLS_PROGRAM_H_
#define LIKENESS_TOOLS_PROGRAM_H_

#include <string>
#include <vector>

namespace likeness {

// Runs the program with `arguments` (without its own name) and returns its exit
// code (tools/exit_code.h).
int RunProgram(const std::vector<std::string>& arguments);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_PROGRAM_H_
