#ifndef LIKENESS_TOOLS_VERSION_H_
#define LIKENESS_TOOLS_VERSION_H_

#include <string>
#include <utility>
#include <vector>

namespace likeness {

// This program and the libraries that it runs on, by name, as each library
// itself answers at run time; but LibTorch, which is not loaded for that, is
// the one that the program was built with.
std::vector<std::pair<std::string, std::string>> Versions();

// The same, a line each.
std::string VersionText();

}  // namespace likeness

#endif  // LIKENESS_TOOLS_VERSION_H_
