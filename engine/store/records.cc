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

constexpr char kSingleLayout = 1;
constexpr char kSeveralLayout = 2;
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

// How many vectors a record of them has in each of `spaces`; takes what says so
// from the front of `bytes`.
absl::StatusOr<PerSpace<size_t>> TakeCounts(uint8_t spaces, bool several,
                                            absl::string_view& bytes) {
  PerSpace<size_t> counts;
  for (const Space space : kAllSpaces) {
    if ((spaces >> static_cast<unsigned>(space) & 1U) == 0) continue;
    counts[space] = 1;
    if (!several) continue;
    counts[space] = bytes.empty() ? 0 : static_cast<uint8_t>(bytes.front());
    if (counts[space] == 0 || counts[space] > kMaxVectorsInSpace) {
      return CorruptRecord("vectors",
                           "it has no vectors of a space, or more "
                           "than there may be");
    }
    bytes.remove_prefix(1);
  }
  return counts;
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

std::string EncodeVectors(const ItemVectors& vectors,
                          const PerSpace<int>& dimensions) {
  unsigned spaces = 0;
  bool several = false;
  std::string counts;
  std::string values;
  for (const Space space : kAllSpaces) {
    const std::vector<float>& of_space = vectors[space];
    if (of_space.empty()) continue;
    const size_t count = CountVectors(of_space, dimensions[space]);
    spaces |= 1U << static_cast<unsigned>(space);
    several = several || count > 1;
    counts.push_back(static_cast<char>(count));
    values.append(reinterpret_cast<const char*>(of_space.data()),
                  of_space.size() * sizeof(float));
  }
  std::string bytes(1, several ? kSeveralLayout : kSingleLayout);
  bytes.push_back(static_cast<char>(spaces));
  if (several) bytes.append(counts);
  bytes.append(values);
  return bytes;
}

absl::Status DecodeVectors(absl::string_view bytes,
                           const PerSpace<int>& dimensions,
                           ItemVectors& vectors) {
  if (bytes.size() < kVectorsHeaderBytes ||
      (bytes[0] != kSingleLayout && bytes[0] != kSeveralLayout)) {
    return CorruptRecord("vectors", "its layout is not known");
  }
  const bool several = bytes[0] == kSeveralLayout;
  const auto spaces = static_cast<uint8_t>(bytes[1]);
  bytes.remove_prefix(kVectorsHeaderBytes);
  if (spaces >> kNumSpaces != 0) {
    return CorruptRecord("vectors", "it has spaces that are not known");
  }
  ASSIGN_OR_RETURN(const PerSpace<size_t> counts,
                   TakeCounts(spaces, several, bytes));
  for (const Space space : kAllSpaces) {
    std::vector<float>& of_space = vectors[space];
    of_space.resize(counts[space] * static_cast<size_t>(dimensions[space]));
    const size_t size = of_space.size() * sizeof(float);
    if ((counts[space] != 0 && size == 0) || bytes.size() < size) {
      return CorruptRecord("vectors", "it is shorter than its spaces");
    }
    if (size != 0) std::memcpy(of_space.data(), bytes.data(), size);
    bytes.remove_prefix(size);
  }
  if (!bytes.empty()) {
    return CorruptRecord("vectors", "it is longer than its spaces");
  }
  return absl::OkStatus();
}

}  // namespace likeness
