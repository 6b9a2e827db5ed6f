#include "server/page_token.h"

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/error.h"
#include "engine/core/sha256.h"
#include "engine/store/database.h"
#include "engine/store/item.h"

namespace likeness {
namespace {

constexpr char kVersion = 1;
constexpr size_t kChecksumBytes = 8;
constexpr size_t kHeaderBytes = 1 + kChecksumBytes;
// Base64 of the longest token, with padding.
constexpr size_t kMaxTokenBytes = (kHeaderBytes + kMaxItemIdBytes + 2) / 3 * 4;

std::string Checksum(const CollectionSpec& collection,
                     absl::string_view next_id) {
  // A name holds no '/', so the parts can't run into each other.
  const Sha256Digest digest = Sha256(
      absl::StrCat("page token/", collection.name, "/",
                   absl::ToUnixMicros(collection.created), "/", next_id));
  return {digest.begin(), digest.begin() + kChecksumBytes};
}

}  // namespace

std::string MakePageToken(const CollectionSpec& collection,
                          absl::string_view next_id) {
  return absl::WebSafeBase64Escape(absl::StrCat(
      absl::string_view(&kVersion, 1), Checksum(collection, next_id), next_id));
}

absl::StatusOr<std::string> ParsePageToken(const CollectionSpec& collection,
                                           absl::string_view token) {
  std::string bytes;
  if (token.size() > kMaxTokenBytes ||
      !absl::WebSafeBase64Unescape(token, &bytes) ||
      // Base64 has several spellings of some bytes; a token has one.
      absl::WebSafeBase64Escape(bytes) != token ||
      bytes.size() <= kHeaderBytes || bytes[0] != kVersion) {
    return InvalidField("page_token", "not a page token of this server");
  }
  std::string next_id = bytes.substr(kHeaderBytes);
  if (bytes.substr(1, kChecksumBytes) != Checksum(collection, next_id)) {
    return InvalidField("page_token",
                        "damaged, or of another collection than this one");
  }
  return next_id;
}

}  // namespace likeness
