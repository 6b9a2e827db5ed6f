#ifndef LIKENESS_TOOLS_TARGET_H_
#define LIKENESS_TOOLS_TARGET_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "tools/command.h"

namespace likeness {

// The flags that say which collection a command works on.
struct TargetFlags {
  std::string data;
  std::string server;
  std::string collection = "pictures";
  const CLI::Option* data_option = nullptr;
  const CLI::Option* server_option = nullptr;
};

// Adds --data and --server. `flags` must live as long as `command`.
void AddDataOrServerFlags(CLI::App& command, const CommandContext& context,
                          TargetFlags& flags);

// The same and --collection.
void AddTargetFlags(CLI::App& command, const CommandContext& context,
                    TargetFlags& flags);

// Either a data directory or a server: one of the two is not empty.
struct Target {
  std::string data;
  std::string server;
  std::string collection;

  bool remote() const { return !server.empty(); }
};

// A flag wins over a setting of the other kind; two flags, two settings or
// nothing at all are INVALID_ARGUMENT.
absl::StatusOr<Target> ChooseTarget(const TargetFlags& flags);

// The flags of commands that need a model alone, here or in a server.
struct ModelTargetFlags {
  std::string model;
  std::string server;
  const CLI::Option* model_option = nullptr;

  // A model named on the command line means here, whatever is set for long.
  bool remote() const { return !server.empty() && model_option->count() == 0; }
};

// Adds --model and --server. `flags` must live as long as `command`.
void AddModelTargetFlags(CLI::App& command, const CommandContext& context,
                         ModelTargetFlags& flags);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_TARGET_H_
