#include "tools/settings.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/nearest.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr uint64_t kMaxConfigBytes = 1 << 20;

// What a message of two pictures may carry; see ServerOptions::Validate.
constexpr int kMaxPictureBytes = 1'073'217'535;

constexpr std::array kSettings = {
    SettingName{"data", "data directory"},
    SettingName{"server", "address of a running server, HOST:PORT"},
    SettingName{"collection", "collection to use (default: pictures)"},
    SettingName{"model", "folder of the model bundle"},
    SettingName{"workers", "threads that run the network (0: each core)", 0,
                1024},
    SettingName{"listen", "address that serve listens on, HOST:PORT"},
    SettingName{"max-batch", "pictures a forward pass of serve", 0, 1024},
    SettingName{"max-picture-bytes", "largest picture that serve accepts", 1,
                kMaxPictureBytes},
};

std::string UnknownKey(absl::string_view key) {
  std::vector<std::string> keys;
  keys.reserve(kSettings.size());
  for (const SettingName& setting : kSettings) keys.emplace_back(setting.key);
  const std::string nearest = Nearest(key, keys);
  return absl::StrCat(
      "\"", key, "\" is not a setting; ",
      nearest.empty() ? absl::StrCat("there are: ", absl::StrJoin(keys, ", "))
                      : absl::StrCat("did you mean \"", nearest, "\"?"));
}

// Every error below stands behind where it was found.
absl::Status CheckValue(const SettingName& setting, absl::string_view value) {
  if (setting.high == 0) return absl::OkStatus();
  int number = 0;
  if (absl::SimpleAtoi(value, &number) && number >= setting.low &&
      number <= setting.high) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", value, "\" is not a whole number from ", setting.low,
                   " to ", setting.high));
}

absl::StatusOr<std::string> ParseValue(absl::string_view text) {
  const char first = text.empty() ? '\0' : text.front();
  if (first != '"' && first != '\'') {
    return std::string(
        absl::StripAsciiWhitespace(text.substr(0, text.find('#'))));
  }
  const size_t end = text.find(first, 1);
  if (end == absl::string_view::npos) {
    return absl::InvalidArgumentError("the quotes are not closed");
  }
  const absl::string_view rest =
      absl::StripLeadingAsciiWhitespace(text.substr(end + 1));
  if (!rest.empty() && rest.front() != '#') {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", rest, "\" stands behind the quotes"));
  }
  return std::string(text.substr(1, end - 1));
}

// Takes what one line says, if anything, into `values`.
absl::Status ParseLine(
    absl::string_view line,
    std::map<std::string, std::string, std::less<>>& values) {
  line = absl::StripAsciiWhitespace(line);
  if (line.empty() || line.front() == '#' || line.front() == ';') {
    return absl::OkStatus();
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(line, absl::MaxSplits('=', 1));
  const absl::string_view key = absl::StripAsciiWhitespace(parts.first);
  const SettingName* setting = FindSetting(key);
  if (setting == nullptr) return absl::InvalidArgumentError(UnknownKey(key));
  if (key.size() == line.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", key, "\" needs a value: ", key, " = ..."));
  }
  ASSIGN_OR_RETURN(std::string value,
                   ParseValue(absl::StripAsciiWhitespace(parts.second)));
  RETURN_IF_ERROR(CheckValue(*setting, value));
  values[std::string(key)] = std::move(value);
  return absl::OkStatus();
}

}  // namespace

absl::Span<const SettingName> KnownSettings() { return kSettings; }

const SettingName* FindSetting(absl::string_view key) {
  const auto* found =
      std::find_if(kSettings.begin(), kSettings.end(),
                   [key](const SettingName& one) { return one.key == key; });
  return found != kSettings.end() ? found : nullptr;
}

std::string EnvironmentName(absl::string_view key) {
  return absl::StrCat("LIKENESS_", absl::AsciiStrToUpper(
                                       absl::StrReplaceAll(key, {{"-", "_"}})));
}

absl::StatusOr<Settings> Settings::Load(const std::string& config_path,
                                        Environment environment) {
  Settings settings;
  settings.environment_ = std::move(environment);
  for (const SettingName& setting : kSettings) {
    const std::string name = EnvironmentName(setting.key);
    const std::string value = settings.environment_(name).value_or("");
    if (value.empty()) continue;
    RETURN_IF_ERROR(WithContext(CheckValue(setting, value), name));
  }
  if (config_path.empty()) return settings;
  ASSIGN_OR_RETURN(const std::string contents,
                   ReadFile(config_path, kMaxConfigBytes));
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(contents, '\n')) {
    ++number;
    RETURN_IF_ERROR(WithContext(ParseLine(line, settings.file_),
                                absl::StrCat(config_path, ":", number)));
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
