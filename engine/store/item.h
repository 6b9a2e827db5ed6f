// What is kept of an item, and the rules for what a caller may put in.
#ifndef LIKENESS_ENGINE_STORE_ITEM_H_
#define LIKENESS_ENGINE_STORE_ITEM_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/metadata.h"
#include "engine/core/picture.h"

namespace likeness {

inline constexpr size_t kMaxItemIdBytes = 512;
inline constexpr size_t kMaxSourceBytes = 4096;
inline constexpr size_t kMaxThumbnailBytes = 1 << 20;

// Why an item has no vectors of its collection's model, after that was changed.
struct Unembedded {
  std::string reason;   // As ReasonOf: NOT_FOUND, PICTURE_CHANGED, ...
  std::string message;  // For people.

  friend bool operator==(const Unembedded&, const Unembedded&) = default;
};

// One item as the collection knows it.
struct Item {
  std::string id;
  Metadata metadata;
  std::string
      source;  // Where the picture came from: a path or URL, for people.
  // When the item leaves by itself (Collection::SweepExpired); none: never.
  std::optional<absl::Time> expires;
  std::optional<PictureFacts> picture;  // None when only vectors were given.
  std::optional<PdqHash> hash;          // None likewise.
  std::string thumbnail_jpeg;           // Empty: none kept.
  std::string model_id;  // Of the bundle that made the vectors, or last did.
  uint64_t op_id = 0;    // The operation that wrote this version.
  absl::Time created;    // Of the first version since the last delete.
  absl::Time updated;
  // Set: the picture could not be embedded by the collection's model. The item
  // is found by its id and in lists, and by no search. The collection's to set.
  std::optional<Unembedded> unembedded;
};

// INVALID_ARGUMENT names the field and the limit. An id is 1..512 bytes of
// UTF-8 without control characters.
absl::Status ValidateItemId(absl::string_view id,
                            absl::string_view field = "id");

// An expiry lies in the years 1970 to 9999.
absl::Status ValidateExpireTime(absl::Time time);

// All that a caller may choose of an item: id, metadata, source, thumbnail,
// expiry.
absl::Status ValidateItem(const Item& item);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_ITEM_H_
