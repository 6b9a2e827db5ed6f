#ifndef LIKENESS_INDEXER_COLLECTION_SINK_H_
#define LIKENESS_INDEXER_COLLECTION_SINK_H_

#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/collection/collection.h"
#include "engine/core/bounded_queue.h"
#include "engine/embed/embedder.h"
#include "engine/embed/picture_encoder.h"
#include "indexer/embed_stage.h"
#include "indexer/picture_sink.h"

namespace likeness {

struct CollectionSinkOptions {
  PrepareOptions prepare;  // The input's side and fit come from the model.
  EmbedStageOptions embed;
  int write_batch = 256;  // Items a write, at most.
};

// Decodes on the callers' threads, embeds on those of an EmbedStage, and writes
// in batches on one of its own: while one batch is synced to the disk, the next
// gathers. Borrows the collection and the embedder.
class CollectionSink : public PictureSink {
 public:
  CollectionSink(Collection& collection, const Embedder& embedder,
                 const CollectionSinkOptions& options);
  ~CollectionSink() override;

  absl::StatusOr<Held> Find(const std::string& id,
                            absl::string_view bytes) const override;
  // An item that was there keeps its metadata.
  void Put(PictureFile file, Done done) override;
  void Skip(uint64_t sequence) override;
  absl::Status Finish() override;
  StageTimes times() const override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Write {
    Mutation put;
    Done done;
  };

  absl::StatusOr<Metadata> MetadataOf(const PictureFile& file) const;
  void RunWriter() ABSL_LOCKS_EXCLUDED(mutex_);
  void WriteBatch(std::vector<Write> batch) ABSL_LOCKS_EXCLUDED(mutex_);

  Collection& collection_;
  const std::string model_id_;
  PrepareOptions prepare_;
  const size_t write_batch_;
  EmbedStage embed_;
  BoundedQueue<Write> writes_;
  mutable absl::Mutex mutex_;
  StageTimes times_ ABSL_GUARDED_BY(mutex_);
  std::thread writer_;
};

}  // namespace likeness

#endif  // LIKENESS_INDEXER_COLLECTION_SINK_H_
