#include "tools/item_text.h"

#include <cstdint>
#include <map>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/core/error.h"
#include "engine/core/picture.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

std::string TimeText(const google::protobuf::Timestamp& wire) {
  return absl::FormatTime(
      absl::RFC3339_full,
      absl::FromUnixSeconds(wire.seconds()) + absl::Nanoseconds(wire.nanos()),
      absl::UTCTimeZone());
}

Json PictureJson(const v1::Picture& picture) {
  // The wire's formats have the engine's numbers.
  const auto format = static_cast<ImageFormat>(picture.format());
  return {{"format", std::string(ImageFormatName(format))},
          {"width", picture.width()},
          {"height", picture.height()},
          {"size_bytes", picture.size_bytes()},
          {"sha256", absl::BytesToHexString(picture.sha256())}};
}

bool IsStringList(const Json& value) {
  if (!value.is_array()) return false;
  for (const Json& element : value) {
    if (!element.is_string()) return false;
  }
  return true;
}

absl::StatusOr<MetadataValue> ValueOf(absl::string_view text) {
  const Json value = Json::parse(text.begin(), text.end(), nullptr,
                                 /*allow_exceptions=*/false);
  if (value.is_discarded()) return std::string(text);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_float()) return value.get<double>();
  if (value.is_number_integer() && !value.is_number_unsigned()) {
    return value.get<int64_t>();
  }
  if (value.is_number_unsigned() && value.get<uint64_t>() <= INT64_MAX) {
    return value.get<int64_t>();
  }
  if (IsStringList(value)) return value.get<std::vector<std::string>>();
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text,
      "\" is neither a number of 64 bits, true, false, a string nor "
      "a list of strings; put a text that looks like it in double quotes"));
}

}  // namespace

absl::StatusOr<std::pair<std::string, MetadataValue>> ParseField(
    absl::string_view argument) {
  const size_t equals = argument.find('=');
  if (equals == absl::string_view::npos || equals == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", argument, "\" is not NAME=VALUE"));
  }
  absl::StatusOr<MetadataValue> value = ValueOf(argument.substr(equals + 1));
  if (!value.ok()) return value.status();
  return std::make_pair(std::string(argument.substr(0, equals)),
                        *std::move(value));
}

Json ValueJson(const v1::MetadataValue& value) {
  switch (value.kind_case()) {
    case v1::MetadataValue::kStringValue:
      return value.string_value();
    case v1::MetadataValue::kIntValue:
      return value.int_value();
    case v1::MetadataValue::kDoubleValue:
      return value.double_value();
    case v1::MetadataValue::kBoolValue:
      return value.bool_value();
    case v1::MetadataValue::kTimestampValue:
      return TimeText(value.timestamp_value());
    case v1::MetadataValue::kStringListValue:
      return Json(
          std::vector<std::string>(value.string_list_value().values().begin(),
                                   value.string_list_value().values().end()));
    case v1::MetadataValue::KIND_NOT_SET:
      break;
  }
  return nullptr;
}

Json ItemJson(const v1::Item& item) {
  Json json = {{"id", item.id()},
               {"source", item.source()},
               {"op_id", item.op_id()},
               {"create_time", TimeText(item.create_time())},
               {"update_time", TimeText(item.update_time())}};
  if (item.has_expire_time()) {
    json["expire_time"] = TimeText(item.expire_time());
  }
  json["model_id"] = item.model_id();
  if (item.has_picture()) json["picture"] = PictureJson(item.picture());
  json["metadata"] = Json::object();
  // By name: a map of the wire has no order.
  for (const auto& [name, value] : std::map<std::string, v1::MetadataValue>(
           item.metadata().begin(), item.metadata().end())) {
    json["metadata"][name] = ValueJson(value);
  }
  return json;
}

std::string ItemText(const v1::Item& item) {
  std::string text;
  const Json json = ItemJson(item);
  for (const auto& [name, value] : json.items()) {
    if (name == "metadata") continue;
    const std::string shown =
        value.is_string() ? value.get<std::string>() : value.dump();
    if (shown.empty()) continue;
    absl::StrAppend(&text, name, ": ", shown, "\n");
  }
  for (const auto& [name, value] : json["metadata"].items()) {
    absl::StrAppend(&text, "  ", name, " = ", value.dump(), "\n");
  }
  return text;
}

}  // namespace likeness
