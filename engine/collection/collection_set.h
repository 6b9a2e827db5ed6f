#ifndef LIKENESS_ENGINE_COLLECTION_COLLECTION_SET_H_
#define LIKENESS_ENGINE_COLLECTION_COLLECTION_SET_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/collection/collection.h"
#include "engine/collection/generation.h"
#include "engine/collection/segment_options.h"
#include "engine/store/snapshot_manifest.h"

namespace likeness {

// A collection whose model is being changed.
struct Generations {
  std::shared_ptr<Generation>
      current;  // Which the collection's name stands for.
  std::shared_ptr<Generation> other;
  bool switched = false;  // `current` is the newer one.
  absl::Time started;
};

// The collections of one data directory. Thread-safe. A collection that was
// dropped stays usable for those who still hold it, but refuses writes.
class CollectionSet {
 public:
  virtual ~CollectionSet() = default;

  // Opens the directory and every collection in it. Errors as Database::Open.
  static absl::StatusOr<std::unique_ptr<CollectionSet>> Open(
      const std::string& folder, bool create,
      const SegmentOptions& options = {});

  virtual absl::StatusOr<std::shared_ptr<Collection>> Create(
      const CollectionSpec& spec) = 0;
  virtual absl::StatusOr<std::shared_ptr<Collection>> Get(
      absl::string_view name) const = 0;
  virtual std::vector<std::shared_ptr<Collection>> List() const = 0;
  virtual absl::Status Drop(absl::string_view name) = 0;

  // As Database::Snapshot.
  virtual absl::StatusOr<SnapshotManifest> Snapshot(
      const std::string& folder) = 0;
  // Begins to change the model of `name`: gives the collection a second
  // generation, empty, for the vectors of model `model_id`. ALREADY_EXISTS when
  // such a change is under way.
  virtual absl::Status BeginModelChange(absl::string_view name,
                                        absl::string_view model_id,
                                        const PerSpace<int>& dimensions) = 0;
  // Without opening anything; nullopt when none is under way.
  virtual std::optional<ModelChange> FindModelChange(
      absl::string_view name) const = 0;
  // Both generations; the other one is opened when nobody holds it. Errors of
  // this and the next two: NOT_FOUND, no such collection; FAILED_PRECONDITION,
  // reason NO_MODEL_CHANGE.
  virtual absl::StatusOr<Generations> GetGenerations(
      absl::string_view name) = 0;
  // Lets `name` stand for its other generation, at once and for good, or not at
  // all. Writes that come to the former one are refused from then on (ABORTED,
  // reason MODEL_CHANGED). FAILED_PRECONDITION (reason NOT_CAUGHT_UP) when the
  // other one has not come to the newest operation.
  virtual absl::Status SwitchModel(absl::string_view name) = 0;
  // Ends the change: the other generation leaves, with all that belongs to it.
  virtual absl::Status EndModelChange(absl::string_view name) = 0;

  // Applies `change` to CollectionSpec::index of `name` and returns what it has
  // become; durable by then. Segments that are built from then on follow it,
  // those there are stay as they are until they are merged or the collection is
  // compacted. While the model is being changed, that is so for both
  // generations. INVALID_ARGUMENT names the field that is out of range.
  virtual absl::StatusOr<IndexOptions> UpdateIndexOptions(
      absl::string_view name,
      const std::function<void(IndexOptions&)>& change) = 0;
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_COLLECTION_SET_H_
