// Where `likeness model` takes its steps: on a data directory that it opens
// itself, or by a server.
#ifndef LIKENESS_TOOLS_MODEL_TARGET_H_
#define LIKENESS_TOOLS_MODEL_TARGET_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/collection/overlap.h"
#include "indexer/change_model.h"
#include "indexer/reembed.h"
#include "likeness/v1/model_service.pb.h"
#include "tools/target.h"

namespace likeness {

// How pictures are embedded again. A server knows all of it itself but `retry`.
struct ReembedFlags {
  std::string bundle;
  std::string pictures;
  int workers = 0;
  bool retry = false;  // Also what could not be embedded before.
};

// How far a re-embedding came, and how it ended.
struct Reembedded {
  v1::ModelChange change;
  absl::Status status;
};

// A collection whose model is changed. Not thread-safe.
class ModelTarget {
 public:
  virtual ~ModelTarget() = default;

  // Opens the directory, or names the server, which is asked by the first step.
  static absl::StatusOr<std::unique_ptr<ModelTarget>> Open(
      const Target& target);

  // Begins the change, or goes on with it, until it has come to the newest
  // operation or a signal (SIGINT, SIGTERM) stops it: CANCELLED.
  virtual absl::StatusOr<Reembedded> Reembed(const ReembedFlags& flags,
                                             ReembedObserver& observer) = 0;
  virtual absl::StatusOr<v1::ModelChange> Status() = 0;
  virtual absl::StatusOr<std::vector<v1::UnembeddedItem>> Unembedded() = 0;
  virtual absl::StatusOr<std::vector<v1::SpaceOverlap>> Compare(
      const OverlapOptions& options) = 0;
  virtual absl::StatusOr<v1::ModelChange> Switch(uint64_t unembedded) = 0;
  virtual absl::StatusOr<v1::ModelChange> RollBack(
      uint64_t unembedded, const ReembedFlags& flags,
      ReembedObserver& observer) = 0;
  // The id of the model that the collection has then.
  virtual absl::StatusOr<std::string> End(EndStep step) = 0;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_MODEL_TARGET_H_
