#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "engine/core/error.h"
#include "engine/core/picture.h"
#include "engine/core/status_macros.h"
#include "engine/store/item.h"
#include "server/convert.h"

namespace likeness {
namespace {

using WireMetadata = google::protobuf::Map<std::string, v1::MetadataValue>;

// 0001-01-01 to the end of 9999, what google.protobuf.Timestamp may hold.
constexpr int64_t kMinTimestampSeconds = -62'135'596'800;
constexpr int64_t kMaxTimestampSeconds = 253'402'300'799;

absl::StatusOr<MetadataValue> ValueFromWire(const v1::MetadataValue& wire,
                                            absl::string_view field) {
  switch (wire.kind_case()) {
    case v1::MetadataValue::kStringValue:
      return wire.string_value();
    case v1::MetadataValue::kIntValue:
      return wire.int_value();
    case v1::MetadataValue::kDoubleValue:
      return wire.double_value();
    case v1::MetadataValue::kBoolValue:
      return wire.bool_value();
    case v1::MetadataValue::kTimestampValue: {
      ASSIGN_OR_RETURN(const absl::Time time,
                       TimeFromWire(wire.timestamp_value(), field));
      return time;
    }
    case v1::MetadataValue::kStringListValue: {
      const auto& values = wire.string_list_value().values();
      return std::vector<std::string>(values.begin(), values.end());
    }
    case v1::MetadataValue::KIND_NOT_SET:
      break;
  }
  return InvalidField(field, "has no value");
}

// One overload a type of MetadataValue.
struct ValueWriter {
  v1::MetadataValue& wire;

  void operator()(const std::string& value) const {
    wire.set_string_value(value);
  }
  void operator()(int64_t value) const { wire.set_int_value(value); }
  void operator()(double value) const { wire.set_double_value(value); }
  void operator()(bool value) const { wire.set_bool_value(value); }
  void operator()(absl::Time value) const {
    TimeToWire(value, *wire.mutable_timestamp_value());
  }
  void operator()(const std::vector<std::string>& values) const {
    auto& list = *wire.mutable_string_list_value()->mutable_values();
    list.Assign(values.begin(), values.end());
  }
};

// A check of the engine names the field as it knows it ("metadata.price");
// callers of the API know it as a part of `parent`.
absl::Status Within(absl::string_view parent, const absl::Status& status) {
  const std::string inner = FieldOf(status);
  if (status.ok() || inner.empty()) return status;
  absl::string_view message = status.message();
  const bool repeats_field = absl::ConsumePrefix(&message, inner) &&
                             absl::ConsumePrefix(&message, ": ");
  const std::string field = absl::StrCat(parent, ".", inner);
  return WithField(
      WithReason(absl::Status(
                     status.code(),
                     absl::StrCat(field, ": ",
                                  repeats_field ? message : status.message())),
                 ReasonOf(status)),
      field);
}

absl::Status CheckNoOutputFields(const v1::Item& wire,
                                 absl::string_view field) {
  absl::string_view set;
  if (wire.has_picture()) set = "picture";
  if (!wire.thumbnail().empty()) set = "thumbnail";
  if (!wire.model_id().empty()) set = "model_id";
  if (wire.op_id() != 0) set = "op_id";
  if (wire.has_create_time()) set = "create_time";
  if (wire.has_update_time()) set = "update_time";
  if (set.empty()) return absl::OkStatus();
  return InvalidField(absl::StrCat(field, ".", set),
                      "is output only; leave it empty");
}

void PictureToWire(const Item& item, v1::Picture& wire) {
  const PictureFacts& facts = *item.picture;
  wire.set_format(ToWire(facts.format));
  wire.set_width(facts.width);
  wire.set_height(facts.height);
  wire.set_size_bytes(static_cast<int64_t>(facts.size_bytes));
  wire.set_sha256(facts.content_hash.data(), facts.content_hash.size());
  if (!item.hash) return;
  wire.set_pdq_hash(item.hash->bits.data(), item.hash->bits.size());
  wire.set_pdq_quality(item.hash->quality);
}

}  // namespace

absl::StatusOr<absl::Time> TimeFromWire(const google::protobuf::Timestamp& wire,
                                        absl::string_view field) {
  if (wire.seconds() < kMinTimestampSeconds ||
      wire.seconds() > kMaxTimestampSeconds || wire.nanos() < 0 ||
      wire.nanos() >= kNanosPerSecond) {
    return InvalidField(field, "a timestamp lies in the years 1 to 9999");
  }
  return absl::FromUnixSeconds(wire.seconds()) +
         absl::Nanoseconds(wire.nanos());
}

void TimeToWire(absl::Time time, google::protobuf::Timestamp& wire) {
  const int64_t seconds = absl::ToUnixSeconds(time);  // Rounds down.
  wire.set_seconds(seconds);
  wire.set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void DurationToWire(absl::Duration duration, google::protobuf::Duration& wire) {
  absl::Duration rest;
  wire.set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &rest));
  wire.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
}

v1::ImageFormat ToWire(ImageFormat format) {
  switch (format) {
    case ImageFormat::kJpeg:
      return v1::IMAGE_FORMAT_JPEG;
    case ImageFormat::kPng:
      return v1::IMAGE_FORMAT_PNG;
    case ImageFormat::kWebp:
      return v1::IMAGE_FORMAT_WEBP;
    case ImageFormat::kGif:
      return v1::IMAGE_FORMAT_GIF;
    case ImageFormat::kTiff:
      return v1::IMAGE_FORMAT_TIFF;
    case ImageFormat::kHeic:
      return v1::IMAGE_FORMAT_HEIC;
    case ImageFormat::kAvif:
      return v1::IMAGE_FORMAT_AVIF;
    case ImageFormat::kBmp:
      return v1::IMAGE_FORMAT_BMP;
    case ImageFormat::kUnknown:
      break;
  }
  return v1::IMAGE_FORMAT_UNSPECIFIED;
}

void MetadataToWire(const Metadata& metadata, WireMetadata& wire) {
  for (const auto& [name, value] : metadata) {
    std::visit(ValueWriter{wire[name]}, value);
  }
}

absl::StatusOr<Metadata> MetadataFromWire(const WireMetadata& wire,
                                          absl::string_view field) {
  // Before the copy, so that a huge map costs no more than its message did.
  if (wire.size() > kMaxMetadataFields) {
    return InvalidField(field,
                        absl::StrCat("has ", wire.size(), " fields, more than ",
                                     kMaxMetadataFields));
  }
  Metadata metadata;
  for (const auto& [name, value] : wire) {
    ASSIGN_OR_RETURN(metadata[name],
                     ValueFromWire(value, absl::StrCat(field, ".", name)));
  }
  return metadata;
}

absl::StatusOr<Item> ItemFromWire(const v1::Item& wire,
                                  absl::string_view field) {
  RETURN_IF_ERROR(CheckNoOutputFields(wire, field));
  Item item;
  item.id = wire.id();
  item.source = wire.source();
  ASSIGN_OR_RETURN(
      item.metadata,
      MetadataFromWire(wire.metadata(), absl::StrCat(field, ".metadata")));
  if (wire.has_expire_time()) {
    ASSIGN_OR_RETURN(
        item.expires,
        TimeFromWire(wire.expire_time(), absl::StrCat(field, ".expire_time")));
  }
  RETURN_IF_ERROR(Within(field, ValidateItem(item)));
  return item;
}

void ToWire(const Item& item, v1::Item& wire) {
  wire.set_id(item.id);
  MetadataToWire(item.metadata, *wire.mutable_metadata());
  wire.set_source(item.source);
  if (item.expires) TimeToWire(*item.expires, *wire.mutable_expire_time());
  if (item.picture) PictureToWire(item, *wire.mutable_picture());
  wire.set_thumbnail(item.thumbnail_jpeg);
  wire.set_model_id(item.model_id);
  wire.set_op_id(item.op_id);
  TimeToWire(item.created, *wire.mutable_create_time());
  TimeToWire(item.updated, *wire.mutable_update_time());
}

}  // namespace likeness
