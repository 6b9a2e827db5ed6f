#ifndef LIKENESS_SERVER_MODEL_CHANGER_H_
#define LIKENESS_SERVER_MODEL_CHANGER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/collection/collection_set.h"
#include "engine/embed/embedder.h"
#include "indexer/cancel.h"
#include "indexer/change_model.h"
#include "indexer/reembed.h"

namespace likeness {

// Changes of model while collections are served. On a thread of its own, of low
// priority, lets the other generation of every collection whose model is being
// changed follow the one that is served, before a switch and after it, so that
// either way is open at any time. A change that was cut off by a stop or crash
// goes on by itself. Thread-safe.
class ModelChanger {
 public:
  // What was done for a collection's change since this was made.
  struct Progress {
    ReembedCounts counts;
    absl::Duration work_time;
    double operations_per_second = 0;  // Of the present stretch; 0: not known.
    absl::Status status;               // Not OK: why it does not go on.
  };

  // Borrows the collections and the models, each of which computes on the
  // thread that calls it; a generation of another model is left as it is.
  // `pause`: between two looks that find nothing to do.
  ModelChanger(CollectionSet& collections,
               std::vector<const Embedder*> embedders,
               const ReembedOptions& options, absl::Duration pause);
  // Stops the work as soon as the pictures in hand are embedded.
  ~ModelChanger();
  ModelChanger(const ModelChanger&) = delete;
  ModelChanger& operator=(const ModelChanger&) = delete;

  Progress progress(absl::string_view name) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Forgets why the work on `name` did not go on. It is tried again soon in any
  // case; this is for who has mended what was wrong, and waits.
  void TryAgain(const std::string& name) ABSL_LOCKS_EXCLUDED(work_, mutex_);

  // SwitchGeneration after the last operations have been repeated, on the
  // calling thread and with writers waiting. Errors are that one's, with
  // NOT_CAUGHT_UP when more is left than a caller should wait for, and those
  // of `still_wanted`, which is asked now and then. OK also, for kSwitch, when
  // it was switched before.
  absl::Status Switch(const std::string& name, SwitchStep step,
                      uint64_t unembedded,
                      const std::function<absl::Status()>& still_wanted)
      ABSL_LOCKS_EXCLUDED(work_, mutex_);

  // EndModelChange, with nobody at work on it.
  absl::Status End(const std::string& name, EndStep step)
      ABSL_LOCKS_EXCLUDED(work_, mutex_);

 private:
  class Turn;
  class Observer;

  void Run() ABSL_LOCKS_EXCLUDED(work_, mutex_);
  // Whether there was more to do than it has done.
  bool LookAt(const std::string& name) ABSL_LOCKS_EXCLUDED(work_, mutex_);
  absl::Status Follow(const std::string& name, CancelToken& cancel)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(work_) ABSL_LOCKS_EXCLUDED(mutex_);
  // Until all is done, `cancel`, some time after `longest`, or an error of
  // `still_wanted` (may be null).
  absl::Status CatchUp(const Generations& generations, CancelToken& cancel,
                       absl::Duration longest,
                       const std::function<absl::Status()>& still_wanted)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(work_) ABSL_LOCKS_EXCLUDED(mutex_);
  // CatchUp and SwitchGeneration, with writers waiting.
  absl::Status SwitchNow(const Generations& generations, SwitchStep step,
                         uint64_t unembedded,
                         const std::function<absl::Status()>& still_wanted)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(work_) ABSL_LOCKS_EXCLUDED(mutex_);
  // Forgets collections whose change has ended, or that are gone.
  void LetGo() ABSL_LOCKS_EXCLUDED(work_, mutex_);
  // Keeps, and logs once, why the work on a collection stops.
  void Note(const std::string& name, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // FAILED_PRECONDITION (reason MODEL_MISMATCH) without such a model.
  absl::StatusOr<const Embedder*> EmbedderOf(absl::string_view model_id) const;
  bool MayLook() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stop_ || turns_ == 0;
  }

  CollectionSet& collections_;
  const std::vector<const Embedder*> embedders_;
  const ReembedOptions options_;
  const absl::Duration pause_;

  // Held by who lets a generation follow, or ends it.
  absl::Mutex work_;
  // The changes under way, so that their other generations stay open.
  std::map<std::string, Generations> held_ ABSL_GUARDED_BY(work_);

  mutable absl::Mutex mutex_;  // Never waits for `work_`.
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  int turns_ ABSL_GUARDED_BY(mutex_) = 0;  // Callers who come before Run.
  CancelToken* looking_ ABSL_GUARDED_BY(mutex_) = nullptr;  // What Run does.
  std::map<std::string, Progress, std::less<>> progress_
      ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_MODEL_CHANGER_H_
