// A collection's items into its other generation, with vectors of another
// model.
#ifndef LIKENESS_INDEXER_REEMBED_H_
#define LIKENESS_INDEXER_REEMBED_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/collection/generation.h"
#include "engine/embed/embedder.h"
#include "engine/image/prepare.h"
#include "indexer/cancel.h"
#include "indexer/embed_stage.h"

namespace likeness {

// Reasons why an item could not be embedded, beside those of pictures
// (engine/core/error.h) and the names of the codes that reading a file ends
// with (NOT_FOUND, ...): only its vectors were ever given; nothing says where
// its picture is; the file there is another one by now.
inline constexpr absl::string_view kReasonNoPicture = "NO_PICTURE";
inline constexpr absl::string_view kReasonNoSource = "NO_SOURCE";
inline constexpr absl::string_view kReasonPictureChanged = "PICTURE_CHANGED";

struct ReembedOptions {
  PrepareOptions prepare;  // The input's side and fit come from the model.
  EmbedStageOptions embed;
  int workers = 0;   // Threads that read and decode; 0: one for each core.
  int batch = 256;   // Operations a write, 1..1'000.
  std::string root;  // What sources that are relative paths are relative to.

  absl::Status Validate() const;
};

// What became of the operations that were repeated.
struct ReembedCounts {
  uint64_t operations = 0;  // The sum of the next five.
  uint64_t embedded = 0;
  uint64_t reused = 0;      // The vectors were there: the picture is the same.
  uint64_t unembedded = 0;  // Items kept without vectors, each with its reason.
  uint64_t deleted = 0;
  uint64_t superseded = 0;  // Replaced or deleted since.
  std::map<std::string, uint64_t> unembedded_by_reason;

  ReembedCounts& operator+=(const ReembedCounts& more);
  friend bool operator==(const ReembedCounts&, const ReembedCounts&) = default;
};

// Called after each write, by the calling thread.
class ReembedObserver {
 public:
  virtual ~ReembedObserver() = default;

  // `left`: operations still to be repeated, as of now.
  virtual void OnProgress(const ReembedCounts& counts, uint64_t left) = 0;
};

struct ReembedResult {
  ReembedCounts counts{};
  absl::Duration elapsed{};
  // OK: `to` has come as far as `from`. CANCELLED: stopped by the token.
  // Anything else ended the job.
  absl::Status status{};
};

// Lets `to` repeat the operations of `from` that it lacks, those that are
// written meanwhile included. Each put's picture is read again from the item's
// source, must have the bytes that the item was made of (SHA-256), and is
// embedded by `embedder`, the model of `to`; where `to` has the vectors of that
// very picture already, they are taken. An item that can't be embedded goes to
// `to` without vectors and with the reason (Item::unembedded).
//
// What was written stays: a job that was cut off, however, goes on where it
// stopped when it is run again. FAILED_PRECONDITION (reason MODEL_MISMATCH)
// unless `to` is made for the model.
ReembedResult Reembed(const Generation& from, Generation& to,
                      const Embedder& embedder, const ReembedOptions& options,
                      const CancelToken& cancel, ReembedObserver& observer);

}  // namespace likeness

#endif  // LIKENESS_INDEXER_REEMBED_H_
