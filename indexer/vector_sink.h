#ifndef LIKENESS_INDEXER_VECTOR_SINK_H_
#define LIKENESS_INDEXER_VECTOR_SINK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/core/aside_file.h"
#include "engine/core/space.h"
#include "engine/embed/embedder.h"
#include "indexer/embed_stage.h"
#include "indexer/npy_writer.h"
#include "indexer/picture_sink.h"

namespace likeness {

// Writes one space's vectors into a NumPy file and the paths, one a line, into
// another: row i belongs to line i, in the order of the walk. Pictures that
// come to nothing have neither row nor line. Both files appear when Finish
// succeeds; until then (and without it) nothing is there. What waits for an
// earlier picture is bounded by the job's max_in_flight. Borrows the embedder.
class VectorSink : public PictureSink {
 public:
  static absl::StatusOr<std::unique_ptr<VectorSink>> Create(
      const Embedder& embedder, Space space, const PrepareOptions& prepare,
      const std::string& vectors_path, const std::string& ids_path);
  ~VectorSink() override;

  absl::StatusOr<Held> Find(const std::string& id,
                            absl::string_view bytes) const override;
  // INVALID_FIELD for a path with a line break, which the list can't hold.
  void Put(PictureFile file, Done done) override;
  void Skip(uint64_t sequence) override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Finish() override;
  StageTimes times() const override ABSL_LOCKS_EXCLUDED(mutex_);

  // Gives the files their names. After a job that was not cut off.
  absl::Status Commit() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // A picture that is ready, or known to be none.
  struct Ready {
    std::string path;
    std::vector<float> vector;  // Empty: neither row nor line.
    Done done;
  };

  VectorSink(const Embedder& embedder, Space space,
             const PrepareOptions& prepare, std::unique_ptr<NpyWriter> vectors,
             std::unique_ptr<AsideFile> ids);

  void Deliver(uint64_t sequence, Ready ready) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Write(const Ready& ready) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Space space_;
  PrepareOptions prepare_;
  mutable absl::Mutex mutex_;
  StageTimes times_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<NpyWriter> vectors_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<AsideFile> ids_ ABSL_GUARDED_BY(mutex_);
  std::map<uint64_t, Ready> waiting_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  EmbedStage embed_;  // Last: its threads use the rest.
};

}  // namespace likeness

#endif  // LIKENESS_INDEXER_VECTOR_SINK_H_
