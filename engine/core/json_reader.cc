#include "engine/core/json_reader.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/core/error.h"
#include "nlohmann/json.hpp"

namespace likeness {

using Json = nlohmann::json;

JsonReader::JsonReader(const Json& json, absl::string_view field)
    : json_(json), field_(field) {
  if (!json.is_object()) {
    status_ = InvalidField(field_.empty() ? "document" : field_,
                           "must be a JSON object");
  }
}

std::string JsonReader::PathOf(absl::string_view key) const {
  return field_.empty() ? std::string(key) : absl::StrCat(field_, ".", key);
}

void JsonReader::Blame(absl::string_view key, absl::string_view message) {
  if (status_.ok()) status_ = InvalidField(PathOf(key), message);
}

const Json* JsonReader::Member(absl::string_view key) {
  std::string name(key);
  const Json* member = nullptr;
  if (status_.ok()) {
    const auto found = json_.find(name);
    if (found != json_.end()) member = &*found;
  }
  known_.insert(std::move(name));
  return member;
}

void JsonReader::Require(absl::string_view key) {
  if (Member(key) == nullptr) Blame(key, "is missing");
}

void JsonReader::Read(absl::string_view key, double& value) {
  const Json* const member = Member(key);
  if (member == nullptr) return;
  if (!member->is_number()) {
    Blame(key, "must be a number");
    return;
  }
  value = member->get<double>();
}

bool JsonReader::ReadInteger(absl::string_view key, int64_t min, int64_t max,
                             int64_t& value) {
  const Json* const member = Member(key);
  if (member == nullptr) return false;
  // Above int64's range the parser makes it unsigned, which get would wrap.
  const bool fits = member->is_number_integer() &&
                    !(member->is_number_unsigned() &&
                      member->get<uint64_t>() >
                          uint64_t{std::numeric_limits<int64_t>::max()});
  if (!fits || member->get<int64_t>() < min || member->get<int64_t>() > max) {
    Blame(key, absl::StrCat("must be an integer of ", min, "..", max));
    return false;
  }
  value = member->get<int64_t>();
  return true;
}

void JsonReader::Read(absl::string_view key, int& value) {
  int64_t wide = 0;
  if (ReadInteger(key, std::numeric_limits<int>::min(),
                  std::numeric_limits<int>::max(), wide)) {
    value = static_cast<int>(wide);
  }
}

void JsonReader::Read(absl::string_view key, int64_t& value) {
  ReadInteger(key, std::numeric_limits<int64_t>::min(),
              std::numeric_limits<int64_t>::max(), value);
}

void JsonReader::Read(absl::string_view key, bool& value) {
  const Json* const member = Member(key);
  if (member == nullptr) return;
  if (!member->is_boolean()) {
    Blame(key, "must be true or false");
    return;
  }
  value = member->get<bool>();
}

bool JsonReader::ReadText(absl::string_view key, std::string& text) {
  const Json* const member = Member(key);
  if (member == nullptr) return false;
  if (!member->is_string()) {
    Blame(key, "must be a text");
    return false;
  }
  text = member->get<std::string>();
  return true;
}

void JsonReader::Read(absl::string_view key, std::string& value) {
  ReadText(key, value);
}

absl::Status JsonReader::Finish() {
  if (!status_.ok()) return status_;
  for (const auto& [key, value] : json_.items()) {
    if (known_.find(key) == known_.end()) {
      Blame(key, absl::StrCat("there is no such setting; there are ",
                              absl::StrJoin(known_, ", ")));
      break;
    }
  }
  return status_;
}

}  // namespace likeness
