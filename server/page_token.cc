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

namespace likeness {
namespace {

constexpr char kVersion = 2;
constexpr size_t kChecksumBytes = 8;
constexpr size_t kHeaderBytes = 1 + kChecksumBytes;

std::string Checksum(PageKind kind, const CollectionSpec& collection,
                     absl::string_view start) {
  // A name holds no '/', and an id's length is told, so the parts can't run
  // into each other.
  const std::string of_kind =
      kind == PageKind::kItems
          ? "items"
          : absl::StrCat("hits/", collection.model_id.size(), "/",
                         collection.model_id);
  const Sha256Digest digest =
      Sha256(absl::StrCat(of_kind, "/", collection.name, "/",
                          absl::ToUnixMicros(collection.created), "/", start));
  return {digest.begin(), digest.begin() + kChecksumBytes};
}

}  // namespace

std::string MakePageToken(PageKind kind, const CollectionSpec& collection,
                          absl::string_view start) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(absl::string_view(&kVersion, 1),
                   Checksum(kind, collection, start), start));
}

absl::StatusOr<std::string> ParsePageToken(PageKind kind,
                                           const CollectionSpec& collection,
                                           absl::string_view token,
                                           size_t max_bytes) {
  std::string bytes;
  // Base64 of the longest token, with padding.
  if (token.size() > (kHeaderBytes + max_bytes + 2) / 3 * 4 ||
      !absl::WebSafeBase64Unescape(token, &bytes) ||
      // Base64 has several spellings of some bytes; a token has one.
      absl::WebSafeBase64Escape(bytes) != token ||
      bytes.size() <= kHeaderBytes || bytes[0] != kVersion) {
    return InvalidField("page_token", "not a page token of this server");
  }
  std::string start = bytes.substr(kHeaderBytes);
  if (bytes.substr(1, kChecksumBytes) != Checksum(kind, collection, start)) {
    return InvalidField("page_token",
                        kind == PageKind::kItems
                            ? "damaged, or of another collection than this one"
                            : "damaged, of another collection than this one, "
                              "or of its model before it was changed");
  }
  return start;
}

}  // namespace likeness
