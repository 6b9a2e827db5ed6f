#ifndef LIKENESS_INDEXER_PICTURE_SINK_H_
#define LIKENESS_INDEXER_PICTURE_SINK_H_

#include <cstdint>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "indexer/ledger.h"

namespace likeness {

// What a sink already has under an id.
enum class Held {
  kNothing,
  kOther,  // Another picture, or the same one embedded by another model.
  kSame,   // The same bytes, with vectors of the model that would embed them.
};

// A picture's file, read but not looked at.
struct PictureFile {
  uint64_t sequence = 0;  // Position in the walk, from 0.
  std::string path;
  std::string id;
  std::string bytes;
  Held held = Held::kNothing;
};

// Where a bulk job's pictures go: a collection, a server, a file of vectors.
// Thread-safe: many threads call Find and Put at once.
class PictureSink {
 public:
  // Called exactly once for each picture, from any thread: OK means that it is
  // stored for good; FateOf(status) says what else became of it.
  using Done = absl::AnyInvocable<void(const absl::Status& status)>;

  virtual ~PictureSink() = default;

  // INVALID_FIELD refuses the id; any other error ends the job.
  virtual absl::StatusOr<Held> Find(const std::string& id,
                                    absl::string_view bytes) const = 0;

  // Takes a picture; may wait while too much is in flight. Calls `done` during
  // the call or later.
  virtual void Put(PictureFile file, Done done) = 0;

  // The file numbered `sequence` will not be put.
  virtual void Skip(uint64_t sequence) = 0;

  // Waits until every `done` has been called and stops the sink's threads;
  // nothing may be put after it. Returns what only shows at the end.
  virtual absl::Status Finish() = 0;

  // Time spent in the sink's own stages so far.
  virtual StageTimes times() const = 0;
};

}  // namespace likeness

#endif  // LIKENESS_INDEXER_PICTURE_SINK_H_
