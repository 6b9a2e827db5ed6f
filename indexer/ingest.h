// The bulk job: every file of a source, through a sink, into a ledger.
#ifndef LIKENESS_INDEXER_INGEST_H_
#define LIKENESS_INDEXER_INGEST_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "engine/core/file_source.h"
#include "engine/image/decode.h"
#include "indexer/cancel.h"
#include "indexer/ledger.h"
#include "indexer/picture_sink.h"

namespace likeness {

// Memory is bounded by these: at most `workers` encoded and decoded pictures,
// and `max_in_flight` small ones on their way through the sink.
struct IngestOptions {
  int workers = 0;  // Threads that read, decode and put; 0: one for each core.
  int max_in_flight = 512;  // Pictures read and not yet settled.
  uint64_t max_bytes = DecodeLimits().max_bytes;  // Of a file.
  // The item's id for a file; see AbsolutePathId.
  std::function<std::string(const std::string& path)> make_id;

  absl::Status Validate() const;
};

// The file's absolute path without "." and "..", links kept: the same file gets
// the same id from every working directory.
std::string AbsolutePathId(const std::string& path);

// Told what happens. Calls never overlap.
class IngestObserver {
 public:
  virtual ~IngestObserver() = default;

  // A few times a second, and once at the end.
  virtual void OnProgress(const IngestCounts& counts) = 0;
  // For each file that is rejected or failed.
  virtual void OnTrouble(const std::string& path, Fate fate,
                         const absl::Status& status) = 0;
};

struct IngestResult {
  IngestCounts counts{};
  StageTimes times{};
  absl::Duration elapsed{};
  // OK: every file was settled. CANCELLED: stopped by the token, the rest was
  // not read. Anything else ended the job: the sink broke down.
  absl::Status status{};
};

// Runs the job to its end; the calling thread reports progress meanwhile. A
// file that can't be read is counted and left behind; a sink that fails ends
// the job. Pictures that `sink` holds already are not decoded, so a job that
// was cut off goes on where it stopped when it is run again.
IngestResult RunIngest(FileSource& source, PictureSink& sink,
                       const IngestOptions& options, const CancelToken& cancel,
                       IngestObserver& observer);

}  // namespace likeness

#endif  // LIKENESS_INDEXER_INGEST_H_
