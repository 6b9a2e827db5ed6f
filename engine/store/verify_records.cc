// What a collection keeps of each current version.
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "engine/store/collection_verifier.h"
#include "engine/store/keys.h"

namespace likeness {
namespace {

constexpr double kUnitTolerance = 1e-4;  // Of the squared length.

}  // namespace

void CollectionVerifier::CheckItem(uint64_t op_id, absl::string_view value) {
  const absl::StatusOr<Item> item = DecodeItem(value);
  if (!item.ok()) return Add(op_id, item.status().message());
  ++report_.items;
  if (item->expires.has_value()) ++expiring_items_;
  if (item->unembedded.has_value()) ++unembedded_items_;
  if (item->op_id != op_id) {
    Add(op_id, absl::StrCat("its item is that of operation ", item->op_id));
  }
}

void CollectionVerifier::CheckVectors(uint64_t op_id, absl::string_view value) {
  ItemVectors vectors;
  const absl::Status status =
      DecodeVectors(value, collection_.spec.dimensions, vectors);
  if (!status.ok()) return Add(op_id, status.message());
  for (const Space space : kAllSpaces) {
    const auto width = static_cast<size_t>(collection_.spec.dimensions[space]);
    const absl::Span<const float> all = vectors[space];
    for (size_t at = 0; at < all.size(); at += width) {
      double square = 0;
      for (const float part : all.subspan(at, width)) {
        square += static_cast<double>(part) * part;
      }
      if (std::abs(square - 1) <= kUnitTolerance) continue;
      Add(op_id, absl::StrCat("its vector ", at / width, " in space ",
                              SpaceName(space), " has the length ",
                              std::sqrt(square), " instead of 1"));
    }
  }
}

void CollectionVerifier::CheckUnembedded() {
  if (unembedded_items_ == state_.unembedded_items) return;
  Add(absl::StrCat("counts ", state_.unembedded_items,
                   " items without vectors of its model, has ",
                   unembedded_items_));
}

void CollectionVerifier::CheckExpiry() {
  uint64_t found = 0;
  Scan(Family::kExpiry, [&](absl::string_view key, absl::string_view) {
    const std::optional<uint64_t> op_id = OpIdOfExpiryKey(key);
    if (!op_id.has_value()) return Add("expiry: a key has not 20 bytes");
    if (!IsLive(*op_id)) {
      return Add(*op_id, "expires, and wrote no current version");
    }
    ++found;
  });
  if (found != expiring_items_) {
    Add(absl::StrCat("expiry: has records of ", found, " of ", expiring_items_,
                     " items that expire"));
  }
}

void CollectionVerifier::CheckRequests() {
  const uint64_t expected = state_.next_request - state_.first_request;
  uint64_t outcomes = 0;
  uint64_t numbers = 0;
  Scan(Family::kRequests, [&](absl::string_view key, absl::string_view) {
    const absl::string_view rest = IdOfKey(key);
    ++(!rest.empty() && rest[0] == kRequestTag ? outcomes : numbers);
  });
  if (outcomes != expected || numbers != expected) {
    Add(absl::StrCat("requests: has ", outcomes, " outcomes and ", numbers,
                     " numbers of ", expected, " requests"));
  }
}

}  // namespace likeness
