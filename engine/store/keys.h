// Keys of the records in RocksDB; docs/storage_format.md describes them. All
// numbers are big-endian, so that the order of bytes is the order of numbers.
#ifndef LIKENESS_ENGINE_STORE_KEYS_H_
#define LIKENESS_ENGINE_STORE_KEYS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace likeness {

// First byte of the keys in the catalog.
inline constexpr char kNextNumberTag = 0;
inline constexpr char kCollectionTag = 1;
inline constexpr char kStateTag = 2;
inline constexpr char kModelChangeTag = 3;

std::string NextNumberKey();
std::string CollectionKey(absl::string_view name);
std::string StateKey(uint32_t collection);
std::string ModelChangeKey(absl::string_view name);

// Byte behind the prefix in the family of requests.
inline constexpr char kRequestTag = 0;
inline constexpr char kRequestNumberTag = 1;

// What all keys of a collection start with, outside the catalog: 4 bytes.
std::string CollectionPrefix(uint32_t collection);

// The collection that a key outside the catalog belongs to; nullopt when the
// key is too short to say.
std::optional<uint32_t> CollectionOfKey(absl::string_view key);

// The first prefix that is not the collection's any more. Requires
// collection < 2^32 - 1.
std::string PrefixAfter(uint32_t collection);

// Of an item's id record.
std::string IdKey(uint32_t collection, absl::string_view id);

// Of an item, its vectors, its thumbnail and its log entry: 12 bytes.
std::string OpKey(uint32_t collection, uint64_t op_id);

// Of the note that the version that `op_id` wrote expires at `unix_micros`,
// which is not negative: 20 bytes.
std::string ExpiryKey(uint32_t collection, int64_t unix_micros, uint64_t op_id);

// Of the outcome of a request, and of the id of the collection's request number
// `number`.
std::string RequestKey(uint32_t collection, absl::string_view request_id);
std::string RequestNumberKey(uint32_t collection, uint64_t number);

// The operation at the end of an ExpiryKey; nullopt when it has another length.
std::optional<uint64_t> OpIdOfExpiryKey(absl::string_view key);

// The parts behind the prefix; nullopt when the key has another length.
absl::string_view IdOfKey(absl::string_view key);
std::optional<uint64_t> OpIdOfKey(absl::string_view key);

// Value of the record under NextNumberKey; nullopt when it has not 4 bytes.
std::string EncodeNumber(uint32_t number);
std::optional<uint32_t> DecodeNumber(absl::string_view bytes);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_KEYS_H_
