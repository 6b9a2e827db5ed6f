#include "tools/settings.h"

#include <array>
#include <cstdlib>
#include <sstream>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "tools/nearest.h"

namespace likeness {
namespace {

constexpr uint64_t kMaxConfigBytes = 1 << 20;

constexpr std::array kSettings = {
    SettingName{"data", "data directory"},
    SettingName{"server", "address of a running server, HOST:PORT"},
    SettingName{"collection", "collection to use (default: pictures)"},
    SettingName{"model", "folder of the model bundle"},
    SettingName{"workers", "threads that run the network (0: each core)"},
    SettingName{"listen", "address that serve listens on, HOST:PORT"},
    SettingName{"max-batch", "pictures a forward pass of serve"},
    SettingName{"max-picture-bytes", "largest picture that serve accepts"},
};

absl::Status UnknownKey(const std::string& path, const std::string& key) {
  std::vector<std::string> keys;
  keys.reserve(kSettings.size());
  for (const SettingName& setting : kSettings) keys.emplace_back(setting.key);
  const std::string nearest = Nearest(key, keys);
  return InvalidField(
      "config",
      absl::StrCat(path, " sets \"", key, "\", which is not a setting; ",
                   nearest.empty()
                       ? absl::StrCat("there are: ", absl::StrJoin(keys, ", "))
                       : absl::StrCat("did you mean \"", nearest, "\"?")));
}

bool IsKnown(absl::string_view key) {
  for (const SettingName& setting : kSettings) {
    if (setting.key == key) return true;
  }
  return false;
}

// CLI11 marks where a TOML section opens and closes with these two names.
bool IsSectionMark(const CLI::ConfigItem& item) {
  return item.name == "++" || item.name == "--";
}

}  // namespace

absl::Span<const SettingName> KnownSettings() { return kSettings; }

std::string EnvironmentName(absl::string_view key) {
  return absl::StrCat("LIKENESS_", absl::AsciiStrToUpper(
                                       absl::StrReplaceAll(key, {{"-", "_"}})));
}

absl::StatusOr<Settings> Settings::Load(const std::string& config_path,
                                        Environment environment) {
  Settings settings;
  settings.environment_ = std::move(environment);
  if (config_path.empty()) return settings;
  ASSIGN_OR_RETURN(const std::string contents,
                   ReadFile(config_path, kMaxConfigBytes));
  std::vector<CLI::ConfigItem> items;
  try {
    std::istringstream stream(contents);
    items = CLI::ConfigTOML().from_config(stream);
  } catch (const CLI::Error& error) {
    return InvalidField("config",
                        absl::StrCat(config_path, ": ", error.what()));
  }
  for (const CLI::ConfigItem& item : items) {
    if (IsSectionMark(item)) continue;
    if (!item.parents.empty() || !IsKnown(item.name)) {
      return UnknownKey(config_path, item.fullname());
    }
    if (item.inputs.size() != 1) {
      return InvalidField("config", absl::StrCat(config_path, ": \"", item.name,
                                                 "\" needs one value"));
    }
    settings.file_[item.name] = item.inputs.front();
  }
  return settings;
}

std::string Settings::Default(absl::string_view key,
                              absl::string_view fallback) const {
  const std::optional<std::string> value = environment_(EnvironmentName(key));
  if (value.has_value() && !value->empty()) return *value;
  const auto found = file_.find(key);
  return found != file_.end() ? found->second : std::string(fallback);
}

std::string FindConfigPath(absl::Span<const std::string> arguments,
                           const Settings::Environment& environment) {
  constexpr absl::string_view kFlag = "--config";
  std::string path = environment("LIKENESS_CONFIG").value_or("");
  for (size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    if (arguments[i] == kFlag && i + 1 < arguments.size()) {
      path = arguments[i + 1];
    } else if (absl::StartsWith(arguments[i], absl::StrCat(kFlag, "="))) {
      path = arguments[i].substr(kFlag.size() + 1);
    }
  }
  return path;
}

std::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

}  // namespace likeness
