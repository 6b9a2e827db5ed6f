#include "engine/store/item.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/core/utf8.h"

namespace likeness {

absl::Status ValidateItemId(absl::string_view id, absl::string_view field) {
  if (id.empty() || id.size() > kMaxItemIdBytes) {
    return InvalidField(
        field, absl::StrCat("has ", id.size(), " bytes, must have 1 to ",
                            kMaxItemIdBytes));
  }
  if (!IsValidUtf8(id)) return InvalidField(field, "is not valid UTF-8");
  if (std::any_of(id.begin(), id.end(), [](char c) {
        return absl::ascii_iscntrl(static_cast<unsigned char>(c));
      })) {
    return InvalidField(field, "has a control character");
  }
  return absl::OkStatus();
}

absl::Status ValidateExpireTime(absl::Time time) {
  constexpr int64_t kEndOf9999 = 253'402'300'799;  // Seconds since 1970.
  if (time >= absl::UnixEpoch() && time <= absl::FromUnixSeconds(kEndOf9999)) {
    return absl::OkStatus();
  }
  return InvalidField("expire_time", "must lie in the years 1970 to 9999");
}

absl::Status ValidateItem(const Item& item) {
  RETURN_IF_ERROR(ValidateItemId(item.id));
  RETURN_IF_ERROR(ValidateMetadata(item.metadata));
  if (item.source.size() > kMaxSourceBytes) {
    return InvalidField("source",
                        absl::StrCat("has ", item.source.size(),
                                     " bytes, the limit is ", kMaxSourceBytes));
  }
  if (!IsValidUtf8(item.source)) {
    return InvalidField("source", "is not valid UTF-8");
  }
  if (item.thumbnail_jpeg.size() > kMaxThumbnailBytes) {
    return InvalidField(
        "thumbnail", absl::StrCat("has ", item.thumbnail_jpeg.size(),
                                  " bytes, the limit is ", kMaxThumbnailBytes));
  }
  if (item.expires.has_value()) return ValidateExpireTime(*item.expires);
  return absl::OkStatus();
}

}  // namespace likeness
