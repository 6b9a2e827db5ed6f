#include "engine/store/keys.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace likeness {
namespace {

constexpr size_t kPrefixBytes = 4;
constexpr size_t kOpKeyBytes = 12;
constexpr size_t kExpiryKeyBytes = 20;

template <typename T>
void AppendBigEndian(std::string& out, T value) {
  for (int shift = 8 * (static_cast<int>(sizeof(T)) - 1); shift >= 0;
       shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

template <typename T>
T ReadBigEndian(absl::string_view bytes) {
  T value = 0;
  for (const char byte : bytes) {
    value = static_cast<T>((value << 8) | static_cast<uint8_t>(byte));
  }
  return value;
}

}  // namespace

std::string NextNumberKey() { return std::string(1, kNextNumberTag); }

std::string CollectionKey(absl::string_view name) {
  return absl::StrCat(absl::string_view(&kCollectionTag, 1), name);
}

std::string StateKey(uint32_t collection) {
  std::string key(1, kStateTag);
  AppendBigEndian(key, collection);
  return key;
}

std::string ModelChangeKey(absl::string_view name) {
  return absl::StrCat(absl::string_view(&kModelChangeTag, 1), name);
}

std::string CollectionPrefix(uint32_t collection) {
  std::string key;
  AppendBigEndian(key, collection);
  return key;
}

std::string PrefixAfter(uint32_t collection) {
  return CollectionPrefix(collection + 1);
}

std::string IdKey(uint32_t collection, absl::string_view id) {
  return absl::StrCat(CollectionPrefix(collection), id);
}

std::string OpKey(uint32_t collection, uint64_t op_id) {
  std::string key;
  key.reserve(kOpKeyBytes);
  AppendBigEndian(key, collection);
  AppendBigEndian(key, op_id);
  return key;
}

std::string ExpiryKey(uint32_t collection, int64_t unix_micros,
                      uint64_t op_id) {
  std::string key;
  key.reserve(kExpiryKeyBytes);
  AppendBigEndian(key, collection);
  AppendBigEndian(key, static_cast<uint64_t>(unix_micros));
  AppendBigEndian(key, op_id);
  return key;
}

std::string RequestKey(uint32_t collection, absl::string_view request_id) {
  return absl::StrCat(CollectionPrefix(collection),
                      absl::string_view(&kRequestTag, 1), request_id);
}

std::string RequestNumberKey(uint32_t collection, uint64_t number) {
  std::string key = absl::StrCat(CollectionPrefix(collection),
                                 absl::string_view(&kRequestNumberTag, 1));
  AppendBigEndian(key, number);
  return key;
}

std::optional<uint64_t> OpIdOfExpiryKey(absl::string_view key) {
  if (key.size() != kExpiryKeyBytes) return std::nullopt;
  return ReadBigEndian<uint64_t>(
      key.substr(kExpiryKeyBytes - sizeof(uint64_t)));
}

std::optional<uint32_t> CollectionOfKey(absl::string_view key) {
  if (key.size() < kPrefixBytes) return std::nullopt;
  return ReadBigEndian<uint32_t>(key.substr(0, kPrefixBytes));
}

absl::string_view IdOfKey(absl::string_view key) {
  return key.substr(kPrefixBytes);
}

std::optional<uint64_t> OpIdOfKey(absl::string_view key) {
  if (key.size() != kOpKeyBytes) return std::nullopt;
  return ReadBigEndian<uint64_t>(key.substr(kPrefixBytes));
}

std::string EncodeNumber(uint32_t number) { return CollectionPrefix(number); }

std::optional<uint32_t> DecodeNumber(absl::string_view bytes) {
  if (bytes.size() != kPrefixBytes) return std::nullopt;
  return ReadBigEndian<uint32_t>(bytes);
}

}  // namespace likeness
