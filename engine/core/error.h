// Errors that a program can act on: an absl::Status that also carries a
// machine-readable reason and, for bad input, the field at fault.
//
// The engine makes them, the server turns them into google.rpc.ErrorInfo and
// google.rpc.BadRequest, and the commands print them. The message always stands
// alone; the payloads only repeat it for programs.
#ifndef LIKENESS_ENGINE_CORE_ERROR_H_
#define LIKENESS_ENGINE_CORE_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace likeness {

// Reasons are UPPER_SNAKE_CASE and, once released, never change meaning.
inline constexpr absl::string_view kReasonInvalidField = "INVALID_FIELD";
inline constexpr absl::string_view kReasonLimitExceeded = "LIMIT_EXCEEDED";
inline constexpr absl::string_view kReasonModelMismatch = "MODEL_MISMATCH";
inline constexpr absl::string_view kReasonNotYetVisible = "NOT_YET_VISIBLE";
inline constexpr absl::string_view kReasonDirectoryInUse = "DIRECTORY_IN_USE";
inline constexpr absl::string_view kReasonCorruptData = "CORRUPT_DATA";
// Pictures.
inline constexpr absl::string_view kReasonEmptyPicture = "EMPTY_PICTURE";
inline constexpr absl::string_view kReasonNotAPicture = "NOT_A_PICTURE";
inline constexpr absl::string_view kReasonUnsupportedFormat =
    "UNSUPPORTED_FORMAT";
inline constexpr absl::string_view kReasonCorruptPicture = "CORRUPT_PICTURE";

// Returns `status` with `reason` attached. No effect on an OK status.
absl::Status WithReason(absl::Status status, absl::string_view reason);

// Returns `status` with the name of the offending field attached, in the
// spelling of the public API ("query.item_id"). No effect on an OK status.
absl::Status WithField(absl::Status status, absl::string_view field);

// INVALID_ARGUMENT for `field`: the message is "<field>: <message>".
absl::Status InvalidField(absl::string_view field, absl::string_view message);

// Returns `status` with "<context>: " before its message (the file it is about,
// say); code, reason and field stay. No effect on an OK status.
absl::Status WithContext(const absl::Status& status, absl::string_view context);

// The attached reason or field; empty when there is none.
std::string ReasonOf(const absl::Status& status);
std::string FieldOf(const absl::Status& status);

// True when the status blames the picture itself (its bytes can't become
// pixels within the limits), so that a bulk job may record it and go on.
bool IsBadPicture(const absl::Status& status);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_ERROR_H_
