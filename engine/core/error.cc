#include "engine/core/error.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace likeness {
namespace {

constexpr absl::string_view kReasonUrl = "likeness.dev/reason";
constexpr absl::string_view kFieldUrl = "likeness.dev/field";

absl::Status WithPayload(absl::Status status, absl::string_view url,
                         absl::string_view value) {
  // An OK status ignores payloads by contract.
  status.SetPayload(url, absl::Cord(value));
  return status;
}

std::string PayloadOf(const absl::Status& status, absl::string_view url) {
  const auto payload = status.GetPayload(url);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status WithReason(absl::Status status, absl::string_view reason) {
  return WithPayload(std::move(status), kReasonUrl, reason);
}

absl::Status WithField(absl::Status status, absl::string_view field) {
  return WithPayload(std::move(status), kFieldUrl, field);
}

absl::Status WithContext(const absl::Status& status,
                         absl::string_view context) {
  if (status.ok()) return status;
  absl::Status result(status.code(),
                      absl::StrCat(context, ": ", status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  return result;
}

absl::Status InvalidField(absl::string_view field, absl::string_view message) {
  return WithField(
      WithReason(absl::InvalidArgumentError(absl::StrCat(field, ": ", message)),
                 kReasonInvalidField),
      field);
}

std::string ReasonOf(const absl::Status& status) {
  return PayloadOf(status, kReasonUrl);
}

std::string FieldOf(const absl::Status& status) {
  return PayloadOf(status, kFieldUrl);
}

bool IsBadPicture(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason == kReasonEmptyPicture || reason == kReasonNotAPicture ||
         reason == kReasonUnsupportedFormat ||
         reason == kReasonCorruptPicture || reason == kReasonLimitExceeded;
}

}  // namespace likeness
