#include "indexer/ingest.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "engine/core/bounded_queue.h"
#include "engine/core/error.h"
#include "engine/core/file.h"

namespace likeness {
namespace {

constexpr absl::Duration kProgressPeriod = absl::Milliseconds(200);

class IngestRun {
 public:
  IngestRun(FileSource& source, PictureSink& sink, const IngestOptions& options,
            const CancelToken& cancel, IngestObserver& observer)
      : source_(source),
        sink_(sink),
        options_(options),
        cancel_(cancel),
        paths_(static_cast<size_t>(options.max_in_flight)),
        observer_(observer) {}

  IngestResult Run();

 private:
  struct Path {
    uint64_t sequence = 0;
    std::string path;
  };

  void Walk();
  void Work();
  void Process(Path file);
  void Unreadable(const Path& file, const absl::Status& status);
  void Settle(const std::string& path, Fate fate, const absl::Status& status);
  // A sink that fails for one picture will fail for the next.
  void Stop(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopping() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Admit() ABSL_LOCKS_EXCLUDED(mutex_);
  void Leave() ABSL_LOCKS_EXCLUDED(mutex_);
  void ReportUntilDone() ABSL_LOCKS_EXCLUDED(mutex_);

  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return in_flight_ < options_.max_in_flight;
  }
  bool AllSettled() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return walked_ && in_flight_ == 0;
  }

  FileSource& source_;
  PictureSink& sink_;
  const IngestOptions& options_;
  const CancelToken& cancel_;
  Ledger ledger_;
  BoundedQueue<Path> paths_;

  absl::Mutex observer_mutex_;
  IngestObserver& observer_ ABSL_GUARDED_BY(observer_mutex_);

  mutable absl::Mutex mutex_;
  int in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  bool walked_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

IngestResult IngestRun::Run() {
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  threads.emplace_back([this] { Walk(); });
  int workers = options_.workers;
  if (workers == 0) {
    workers =
        std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }
  for (int i = 0; i < workers; ++i) threads.emplace_back([this] { Work(); });
  ReportUntilDone();
  for (std::thread& thread : threads) thread.join();

  IngestResult result;
  const absl::Status finished = sink_.Finish();
  result.counts = ledger_.counts();
  result.counts.repeated = source_.repeated();
  result.times = ledger_.times();
  result.times += sink_.times();
  result.elapsed = absl::Now() - begin;
  {
    absl::MutexLock lock(&mutex_);
    result.status = failure_;
  }
  result.status.Update(finished);
  if (cancel_.cancelled())
    result.status.Update(absl::CancelledError("interrupted"));
  absl::MutexLock lock(&observer_mutex_);
  observer_.OnProgress(result.counts);
  return result;
}

void IngestRun::Walk() {
  for (uint64_t sequence = 0; !stopping(); ++sequence) {
    std::optional<FoundFile> found = source_.Next();
    if (!found.has_value()) break;
    Admit();
    if (found->status.ok()) {
      paths_.Push({sequence, std::move(found->path)});
    } else {
      Unreadable({sequence, std::move(found->path)}, found->status);
    }
  }
  paths_.Close();
  absl::MutexLock lock(&mutex_);
  walked_ = true;
}

void IngestRun::Work() {
  while (std::optional<Path> file = paths_.Pop()) {
    if (stopping()) {
      // Not read: the ledger does not know it.
      sink_.Skip(file->sequence);
      Leave();
    } else {
      Process(*std::move(file));
    }
  }
}

void IngestRun::Process(Path file) {
  const absl::Time begin = absl::Now();
  absl::StatusOr<std::string> bytes = ReadFile(file.path, options_.max_bytes);
  if (!bytes.ok()) return Unreadable(file, bytes.status());
  PictureFile picture{.sequence = file.sequence,
                      .path = file.path,
                      .id = options_.make_id(file.path),
                      .bytes = *std::move(bytes)};
  const absl::StatusOr<Held> held = sink_.Find(picture.id, picture.bytes);
  ledger_.AddTimes({.read = absl::Now() - begin});
  if (!held.ok()) {
    if (FateOf(held.status()) == Fate::kFailed) Stop(held.status());
    return Unreadable(file, held.status());
  }
  if (*held == Held::kSame) {
    return Settle(file.path, Fate::kUnchanged, absl::OkStatus());
  }
  picture.held = *held;
  sink_.Put(std::move(picture),
            [this, path = std::move(file.path)](const absl::Status& status) {
              const Fate fate = FateOf(status);
              if (fate == Fate::kFailed) Stop(status);
              Settle(path, fate, status);
            });
}

void IngestRun::Unreadable(const Path& file, const absl::Status& status) {
  sink_.Skip(file.sequence);
  Settle(file.path, FateOf(status), status);
}

void IngestRun::Settle(const std::string& path, Fate fate,
                       const absl::Status& status) {
  ledger_.Enter(fate, status);
  if (!status.ok()) {
    absl::MutexLock lock(&observer_mutex_);
    observer_.OnTrouble(path, fate, status);
  }
  Leave();
}

void IngestRun::Stop(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  failure_.Update(status);
}

bool IngestRun::stopping() const {
  if (cancel_.cancelled()) return true;
  absl::MutexLock lock(&mutex_);
  return !failure_.ok();
}

void IngestRun::Admit() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &IngestRun::HasRoom));
  ++in_flight_;
}

void IngestRun::Leave() {
  absl::MutexLock lock(&mutex_);
  --in_flight_;
}

void IngestRun::ReportUntilDone() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(this, &IngestRun::AllSettled),
                                  kProgressPeriod)) {
        return;
      }
    }
    absl::MutexLock lock(&observer_mutex_);
    observer_.OnProgress(ledger_.counts());
  }
}

}  // namespace

absl::Status IngestOptions::Validate() const {
  if (workers < 0) return InvalidField("workers", "must not be negative");
  if (max_in_flight < 1) {
    return InvalidField("max_in_flight", "must be at least 1");
  }
  if (make_id == nullptr) return InvalidField("make_id", "must be set");
  return absl::OkStatus();
}

std::string AbsolutePathId(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) return path;
  return absolute.lexically_normal().string();
}

IngestResult RunIngest(FileSource& source, PictureSink& sink,
                       const IngestOptions& options, const CancelToken& cancel,
                       IngestObserver& observer) {
  if (absl::Status valid = options.Validate(); !valid.ok()) {
    return {.status = std::move(valid)};
  }
  return IngestRun(source, sink, options, cancel, observer).Run();
}

}  // namespace likeness
