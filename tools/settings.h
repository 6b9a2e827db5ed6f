#ifndef LIKENESS_TOOLS_SETTINGS_H_
#define LIKENESS_TOOLS_SETTINGS_H_

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace likeness {

// One value that outlives a single call of the program.
struct SettingName {
  absl::string_view key;   // In the configuration file, and its flag: "--key".
  absl::string_view help;  // One line.
  // The range of a whole number, both ends included; text where both are 0.
  int low = 0;
  int high = 0;
};

// All of them, in the order of the help.
absl::Span<const SettingName> KnownSettings();

// The one with `key`; nullptr when there is none.
const SettingName* FindSetting(absl::string_view key);

// "LIKENESS_MAX_BATCH" for "max-batch".
std::string EnvironmentName(absl::string_view key);

// Long-lived settings. What a flag says wins over the environment, the
// environment over the configuration file, the file over the default: Default()
// answers the last three, and the parser lets a flag replace it. Immutable.
class Settings {
 public:
  using Environment =
      std::function<std::optional<std::string>(const std::string& name)>;

  // Reads `config_path` (empty: none): lines `key = value`, the value in single
  // or double quotes or bare, and comments behind `#`. NOT_FOUND when the file
  // is not there. INVALID_ARGUMENT names the file and line, or the
  // environment's variable, of what is not a setting (with the nearest one that
  // is) or out of its range.
  static absl::StatusOr<Settings> Load(const std::string& config_path,
                                       Environment environment);

  // The environment's value of `key`, else the file's, else `fallback`. An
  // empty environment variable counts as not set.
  std::string Default(absl::string_view key,
                      absl::string_view fallback = "") const;

 private:
  Environment environment_;
  std::map<std::string, std::string, std::less<>> file_;
};

// The value of --config in a command line, the last one given; else that of
// LIKENESS_CONFIG; else empty. Looked at before the parser runs, because the
// file decides the parser's defaults.
std::string FindConfigPath(absl::Span<const std::string> arguments,
                           const Settings::Environment& environment);

// The process's environment.
std::optional<std::string> ProcessEnvironment(const std::string& name);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_SETTINGS_H_
