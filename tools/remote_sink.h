#ifndef LIKENESS_TOOLS_REMOTE_SINK_H_
#define LIKENESS_TOOLS_REMOTE_SINK_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "indexer/picture_sink.h"
#include "tools/remote_client.h"

namespace likeness {

// Sends pictures to a server's collection, which decodes and embeds them. One
// call in flight for each thread that puts; a call that an overloaded server
// refuses is made again, ever more slowly, for two minutes. Borrows the client.
class RemoteSink : public PictureSink {
 public:
  RemoteSink(const RemoteClient& client, std::string collection,
             std::string model_id);

  absl::StatusOr<Held> Find(const std::string& id,
                            absl::string_view bytes) const override;
  // INVALID_FIELD refuses a path that is not UTF-8, which can't be sent. An
  // item that was there keeps its metadata.
  void Put(PictureFile file, Done done) override;
  void Skip(uint64_t sequence) override;
  absl::Status Finish() override;
  // `write` is the time in calls: sending, and the server's whole work.
  StageTimes times() const override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Status Send(PictureFile file) const;

  const RemoteClient& client_;
  const std::string collection_;
  const std::string model_id_;
  mutable absl::Mutex mutex_;
  StageTimes times_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_REMOTE_SINK_H_
