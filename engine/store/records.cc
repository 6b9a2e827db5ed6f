#include "engine/store/records.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "likeness/storage/v1/records.pb.h"

namespace likeness {
namespace {

namespace pb = ::likeness::storage::v1;

static_assert(std::endian::native == std::endian::little,
              "vectors are stored as this machine's floats");

constexpr char kVectorsLayout = 1;
constexpr size_t kVectorsHeaderBytes = 2;

template <typename Record>
absl::StatusOr<Record> Parse(absl::string_view bytes, absl::string_view what) {
  Record record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return CorruptRecord(what, "does not parse");
  }
  return record;
}

struct ValueEncoder {
  pb::MetadataValue& out;

  void operator()(const std::string& value) const {
    out.set_string_value(value);
  }
  void operator()(int64_t value) const { out.set_int_value(value); }
  void operator()(double value) const { out.set_double_value(value); }
  void operator()(bool value) const { out.set_bool_value(value); }
  void operator()(absl::Time value) const {
    out.set_timestamp_unix_micros(absl::ToUnixMicros(value));
  }
  void operator()(const std::vector<std::string>& values) const {
    out.mutable_string_list()->mutable_values()->Assign(values.begin(),
                                                        values.end());
  }
};

absl::StatusOr<MetadataValue> DecodeValue(const pb::MetadataValue& value) {
  switch (value.kind_case()) {
    case pb::MetadataValue::kStringValue:
      return value.string_value();
    case pb::MetadataValue::kIntValue:
      return value.int_value();
    case pb::MetadataValue::kDoubleValue:
      return value.double_value();
    case pb::MetadataValue::kBoolValue:
      return value.bool_value();
    case pb::MetadataValue::kTimestampUnixMicros:
      return absl::FromUnixMicros(value.timestamp_unix_micros());
    case pb::MetadataValue::kStringList:
      return std::vector<std::string>(value.string_list().values().begin(),
                                      value.string_list().values().end());
    case pb::MetadataValue::KIND_NOT_SET:
      break;
  }
  return CorruptRecord("an item", "a metadata value has no known type");
}

template <size_t N>
std::string ToBytes(const std::array<uint8_t, N>& from) {
  return std::string(from.begin(), from.end());
}

template <size_t N>
bool FromBytes(const std::string& from, std::array<uint8_t, N>& to) {
  if (from.size() != N) return false;
  std::copy(from.begin(), from.end(), to.begin());
  return true;
}

void EncodePicture(const Item& item, pb::ItemRecord& record) {
  if (item.picture.has_value()) {
    pb::PictureRecord& picture = *record.mutable_picture();
    picture.set_sha256(ToBytes(item.picture->content_hash));
    picture.set_size_bytes(item.picture->size_bytes);
    picture.set_width(item.picture->width);
    picture.set_height(item.picture->height);
    picture.set_format(static_cast<uint32_t>(item.picture->format));
  }
  if (item.hash.has_value()) {
    record.mutable_picture()->set_pdq_hash(ToBytes(item.hash->bits));
    record.mutable_picture()->set_pdq_quality(item.hash->quality);
  }
}

absl::Status DecodePicture(const pb::PictureRecord& record, Item& item) {
  if (!record.sha256().empty()) {
    PictureFacts& facts = item.picture.emplace();
    if (!FromBytes(record.sha256(), facts.content_hash)) {
      return CorruptRecord("an item", "its content hash has not 32 bytes");
    }
    facts.size_bytes = record.size_bytes();
    facts.width = record.width();
    facts.height = record.height();
    facts.format = static_cast<ImageFormat>(record.format());
  }
  if (!record.pdq_hash().empty()) {
    PdqHash& hash = item.hash.emplace();
    if (!FromBytes(record.pdq_hash(), hash.bits)) {
      return CorruptRecord("an item", "its perceptual hash has not 32 bytes");
    }
    hash.quality = record.pdq_quality();
  }
  return absl::OkStatus();
}

// Of an ItemRecord or an IdRecord.
template <typename Record>
std::optional<absl::Time> DecodeExpiry(const Record& record) {
  if (!record.has_expire_unix_micros()) return std::nullopt;
  return absl::FromUnixMicros(record.expire_unix_micros());
}

}  // namespace

absl::Status CorruptRecord(absl::string_view what, absl::string_view why) {
  return WithReason(
      absl::DataLossError(absl::StrCat("stored record of ", what, ": ", why)),
      kReasonCorruptData);
}

std::string EncodeState(const StoreState& state) {
  pb::StateRecord record;
  record.set_last_op_id(state.last_op_id);
  record.set_live_items(state.live_items);
  record.set_first_request(state.first_request);
  record.set_next_request(state.next_request);
  record.set_unembedded_items(state.unembedded_items);
  return record.SerializeAsString();
}

absl::StatusOr<StoreState> DecodeState(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const auto record,
                   Parse<pb::StateRecord>(bytes, "a collection's state"));
  return StoreState{record.last_op_id(), record.live_items(),
                    record.first_request(), record.next_request(),
                    record.unembedded_items()};
}

std::string EncodeVersion(const CurrentVersion& version) {
  pb::IdRecord record;
  record.set_op_id(version.op_id);
  record.set_created_unix_micros(absl::ToUnixMicros(version.created));
  if (version.expires.has_value()) {
    record.set_expire_unix_micros(absl::ToUnixMicros(*version.expires));
  }
  record.set_unembedded(version.unembedded);
  return record.SerializeAsString();
}

absl::StatusOr<CurrentVersion> DecodeVersion(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const auto record,
                   Parse<pb::IdRecord>(bytes, "an item's id"));
  CurrentVersion version;
  version.op_id = record.op_id();
  version.created = absl::FromUnixMicros(record.created_unix_micros());
  version.expires = DecodeExpiry(record);
  version.unembedded = record.unembedded();
  return version;
}

std::string EncodeItem(const Item& item) {
  pb::ItemRecord record;
  record.set_id(item.id);
  record.set_op_id(item.op_id);
  for (const auto& [name, value] : item.metadata) {
    std::visit(ValueEncoder{(*record.mutable_metadata())[name]}, value);
  }
  record.set_source(item.source);
  EncodePicture(item, record);
  record.set_model_id(item.model_id);
  record.set_created_unix_micros(absl::ToUnixMicros(item.created));
  record.set_updated_unix_micros(absl::ToUnixMicros(item.updated));
  if (item.expires.has_value()) {
    record.set_expire_unix_micros(absl::ToUnixMicros(*item.expires));
  }
  if (item.unembedded.has_value()) {
    record.mutable_unembedded()->set_reason(item.unembedded->reason);
    record.mutable_unembedded()->set_message(item.unembedded->message);
  }
  return record.SerializeAsString();
}

absl::StatusOr<Item> DecodeItem(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const auto record, Parse<pb::ItemRecord>(bytes, "an item"));
  Item item;
  item.id = record.id();
  item.op_id = record.op_id();
  for (const auto& [name, value] : record.metadata()) {
    ASSIGN_OR_RETURN(item.metadata[name], DecodeValue(value));
  }
  item.source = record.source();
  if (record.has_picture()) {
    RETURN_IF_ERROR(DecodePicture(record.picture(), item));
  }
  item.model_id = record.model_id();
  item.created = absl::FromUnixMicros(record.created_unix_micros());
  item.updated = absl::FromUnixMicros(record.updated_unix_micros());
  item.expires = DecodeExpiry(record);
  if (record.has_unembedded()) {
    item.unembedded = {record.unembedded().reason(),
                       record.unembedded().message()};
  }
  return item;
}

std::string EncodeVectors(const ItemVectors& vectors) {
  std::string bytes(kVectorsHeaderBytes, kVectorsLayout);
  unsigned spaces = 0;
  for (const Space space : kAllSpaces) {
    const std::vector<float>& vector = vectors[space];
    if (vector.empty()) continue;
    spaces |= 1U << static_cast<unsigned>(space);
    bytes.append(reinterpret_cast<const char*>(vector.data()),
                 vector.size() * sizeof(float));
  }
  bytes[1] = static_cast<char>(spaces);
  return bytes;
}

absl::Status DecodeVectors(absl::string_view bytes,
                           const PerSpace<int>& dimensions,
                           ItemVectors& vectors) {
  if (bytes.size() < kVectorsHeaderBytes || bytes[0] != kVectorsLayout) {
    return CorruptRecord("vectors", "its layout is not known");
  }
  const auto spaces = static_cast<uint8_t>(bytes[1]);
  bytes.remove_prefix(kVectorsHeaderBytes);
  for (const Space space : kAllSpaces) {
    std::vector<float>& vector = vectors[space];
    vector.clear();
    if ((spaces >> static_cast<unsigned>(space) & 1U) == 0) continue;
    vector.resize(static_cast<size_t>(dimensions[space]));
    const size_t size = vector.size() * sizeof(float);
    if (size == 0 || bytes.size() < size) {
      return CorruptRecord("vectors", "it is shorter than its spaces");
    }
    std::memcpy(vector.data(), bytes.data(), size);
    bytes.remove_prefix(size);
  }
  if (!bytes.empty() || spaces >> kNumSpaces != 0) {
    return CorruptRecord("vectors", "it is longer than its spaces");
  }
  return absl::OkStatus();
}

}  // namespace likeness
