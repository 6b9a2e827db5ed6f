// Reasons that only the server gives; the engine's are in engine/core/error.h,
// engine/store/metadata_store.h and engine/collection/collection.h.
#ifndef LIKENESS_SERVER_REASONS_H_
#define LIKENESS_SERVER_REASONS_H_

#include "absl/strings/string_view.h"

namespace likeness {

// UNAVAILABLE: model and collections are still loading; try again soon.
inline constexpr absl::string_view kReasonLoading = "LOADING";
// UNAVAILABLE: too many calls wait already; try again later.
inline constexpr absl::string_view kReasonOverloaded = "OVERLOADED";
// UNAVAILABLE: the server is stopping.
inline constexpr absl::string_view kReasonShuttingDown = "SHUTTING_DOWN";
// Any code: nothing that the caller could know by a name of its own.
inline constexpr absl::string_view kReasonInternal = "INTERNAL";
// CANCELLED, DEADLINE_EXCEEDED: the caller stopped waiting before the work
// began.
inline constexpr absl::string_view kReasonCallerGone = "CALLER_GONE";
inline constexpr absl::string_view kReasonCollectionNotFound =
    "COLLECTION_NOT_FOUND";
inline constexpr absl::string_view kReasonCollectionExists =
    "COLLECTION_EXISTS";
inline constexpr absl::string_view kReasonItemNotFound = "ITEM_NOT_FOUND";
// FAILED_PRECONDITION: there is no folder for snapshots.
inline constexpr absl::string_view kReasonSnapshotsOff = "SNAPSHOTS_OFF";
inline constexpr absl::string_view kReasonSnapshotExists = "SNAPSHOT_EXISTS";
// FAILED_PRECONDITION: the model has no threshold for the precision.
inline constexpr absl::string_view kReasonNotCalibrated = "NOT_CALIBRATED";

}  // namespace likeness

#endif  // LIKENESS_SERVER_REASONS_H_
