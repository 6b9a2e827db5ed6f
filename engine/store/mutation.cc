#include "engine/store/mutation.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/core/utf8.h"

namespace likeness {
namespace {

constexpr absl::Duration kMaxTtl = absl::Hours(100 * 365 * 24);

absl::Status ValidateTtl(absl::Duration ttl) {
  if (ttl > absl::ZeroDuration() && ttl <= kMaxTtl) return absl::OkStatus();
  return InvalidField("ttl",
                      absl::StrCat("is ", absl::FormatDuration(ttl),
                                   ", must be above 0 and at most 100 years"));
}

}  // namespace

absl::Status ValidateRequestId(absl::string_view request_id) {
  if (request_id.size() > kMaxRequestIdBytes) {
    return InvalidField("request_id", absl::StrCat("has ", request_id.size(),
                                                   " bytes, the limit is ",
                                                   kMaxRequestIdBytes));
  }
  if (!IsValidUtf8(request_id)) {
    return InvalidField("request_id", "is not valid UTF-8");
  }
  if (std::any_of(request_id.begin(), request_id.end(), [](char c) {
        return absl::ascii_iscntrl(static_cast<unsigned char>(c));
      })) {
    return InvalidField("request_id", "has a control character");
  }
  return absl::OkStatus();
}

absl::Status ValidatePatch(const MetadataPatch& patch) {
  if (patch.set.empty() && patch.remove.empty() && !patch.set_expiry) {
    return InvalidField("set", "nothing is to be set or removed");
  }
  RETURN_IF_ERROR(ValidateMetadata(patch.set));
  if (patch.remove.size() > kMaxMetadataFields) {
    return InvalidField(
        "remove", absl::StrCat("has ", patch.remove.size(),
                               " names, the limit is ", kMaxMetadataFields));
  }
  for (const std::string& name : patch.remove) {
    if (patch.set.contains(name)) {
      return InvalidField("remove",
                          absl::StrCat("\"", name, "\" is also to be set"));
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateTerms(const Mutation& mutation) {
  const Condition::Kind condition = mutation.condition.kind;
  const bool is_delete = mutation.kind == Mutation::Kind::kDelete;
  if (condition == Condition::Kind::kAbsent &&
      mutation.kind != Mutation::Kind::kPut) {
    return InvalidField("condition", "only a put can want the item absent");
  }
  if (condition == Condition::Kind::kChanged && is_delete) {
    return InvalidField("condition", "a delete always makes a difference");
  }
  if (condition == Condition::Kind::kOpId && mutation.condition.op_id == 0) {
    return InvalidField("condition", "operation ids start at 1");
  }
  if (!mutation.ttl.has_value()) return absl::OkStatus();
  if (mutation.item.expires.has_value()) {
    return InvalidField("ttl", "an expiry time is given as well");
  }
  return ValidateTtl(*mutation.ttl);
}

bool SameContent(const Mutation& a, const Mutation& b) {
  if (a.item.model_id != b.item.model_id || a.item.source != b.item.source ||
      a.item.metadata != b.item.metadata || a.item.expires != b.item.expires) {
    return false;
  }
  // The picture may be the same, and only one of them have its vectors.
  if (a.item.unembedded.has_value() != b.item.unembedded.has_value()) {
    return false;
  }
  if (a.item.picture.has_value() && b.item.picture.has_value()) {
    return a.item.picture->content_hash == b.item.picture->content_hash;
  }
  return a.vectors == b.vectors;
}

absl::Status CheckItemVectors(absl::string_view field, int dimensions,
                              const std::vector<float>& values) {
  if (values.empty()) return absl::OkStatus();
  const auto width = static_cast<size_t>(dimensions);
  if (width == 0 || values.size() % width != 0) {
    return InvalidField(
        field, absl::StrCat("has ", values.size(), " values, must have ",
                            dimensions, " for each vector"));
  }
  const size_t count = values.size() / width;
  if (count <= kMaxVectorsInSpace) return absl::OkStatus();
  return InvalidField(field,
                      absl::StrCat("has ", count, " vectors, the limit is ",
                                   kMaxVectorsInSpace));
}

absl::Time ToStoredTime(absl::Time time) {
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

}  // namespace likeness
