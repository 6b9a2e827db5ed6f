#include "server/model_changer.h"

#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/database.h"
#include "server/log.h"

namespace likeness {
namespace {

// Searches and writers come first.
constexpr int kNiceness = 10;
// What Switch catches up with before it gives up: some seconds, of which
// writers wait for what came meanwhile.
constexpr uint64_t kMaxLeftAtSwitch = 256;
// Then the next collection's turn has come.
constexpr absl::Duration kLongestStretch = absl::Seconds(10);

uint64_t LeftOf(const Generations& generations) {
  return generations.current->last_op_id() - generations.other->last_op_id();
}

}  // namespace

// While there is one, the changer's own thread stands back.
class ModelChanger::Turn {
 public:
  explicit Turn(ModelChanger& changer) : changer_(changer) {
    absl::MutexLock lock(&changer_.mutex_);
    ++changer_.turns_;
    if (changer_.looking_ != nullptr) changer_.looking_->Cancel();
  }
  ~Turn() {
    absl::MutexLock lock(&changer_.mutex_);
    --changer_.turns_;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  ModelChanger& changer_;
};

// Of one stretch of work: keeps the progress, and ends the stretch.
class ModelChanger::Observer final : public ReembedObserver {
 public:
  // Cancels after `longest`, or when it is `still_wanted` (may be null) no
  // more.
  Observer(ModelChanger& changer, const std::string& name, CancelToken& cancel,
           absl::Duration longest,
           const std::function<absl::Status()>& still_wanted)
      : changer_(changer),
        name_(name),
        cancel_(cancel),
        longest_(longest),
        still_wanted_(still_wanted),
        begin_(absl::Now()),
        before_(changer.progress(name)) {}

  void OnProgress(const ReembedCounts& counts, uint64_t /*left*/) override {
    const absl::Duration elapsed = absl::Now() - begin_;
    {
      absl::MutexLock lock(&changer_.mutex_);
      Progress& now = changer_.progress_[name_];
      now.counts = before_.counts;
      now.counts += counts;
      now.work_time = before_.work_time + elapsed;
      now.operations_per_second =
          static_cast<double>(counts.operations) /
          std::max(1e-3, absl::ToDoubleSeconds(elapsed));
    }
    if (still_wanted_) wanted_.Update(still_wanted_());
    if (!wanted_.ok() || elapsed >= longest_) cancel_.Cancel();
  }

  const absl::Status& wanted() const { return wanted_; }

 private:
  ModelChanger& changer_;
  const std::string& name_;
  CancelToken& cancel_;
  const absl::Duration longest_;
  const std::function<absl::Status()>& still_wanted_;
  const absl::Time begin_;
  const Progress before_;
  absl::Status wanted_;
};

ModelChanger::ModelChanger(CollectionSet& collections,
                           std::vector<const Embedder*> embedders,
                           const ReembedOptions& options, absl::Duration pause)
    : collections_(collections),
      embedders_(std::move(embedders)),
      options_(options),
      pause_(pause),
      thread_([this] { Run(); }) {}

ModelChanger::~ModelChanger() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
    if (looking_ != nullptr) looking_->Cancel();
  }
  thread_.join();
}

ModelChanger::Progress ModelChanger::progress(absl::string_view name) const {
  absl::MutexLock lock(&mutex_);
  const auto found = progress_.find(name);
  return found == progress_.end() ? Progress() : found->second;
}

absl::StatusOr<const Embedder*> ModelChanger::EmbedderOf(
    absl::string_view model_id) const {
  for (const Embedder* embedder : embedders_) {
    if (embedder->model().id == model_id) return embedder;
  }
  return WithReason(
      absl::FailedPreconditionError(absl::StrCat(
          "the server does not run the model ", model_id,
          " beside another one (likeness serve --model, --next-model)")),
      kReasonModelMismatch);
}

void ModelChanger::Run() {
  // Of this thread, and of those that it starts, on Linux.
  setpriority(PRIO_PROCESS, 0, kNiceness);
  while (true) {
    bool more = false;
    for (const auto& collection : collections_.List()) {
      more = LookAt(collection->spec().name) || more;
    }
    LetGo();
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stop_),
                            more ? absl::ZeroDuration() : pause_);
    if (stop_) return;
  }
}

bool ModelChanger::LookAt(const std::string& name) {
  if (!collections_.FindModelChange(name).has_value()) return false;
  CancelToken cancel;
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &ModelChanger::MayLook));
    if (stop_) return false;
    looking_ = &cancel;
  }
  {
    absl::MutexLock work(&work_);
    Note(name, Follow(name, cancel));
  }
  absl::MutexLock lock(&mutex_);
  looking_ = nullptr;
  return cancel.cancelled();
}

absl::Status ModelChanger::Follow(const std::string& name,
                                  CancelToken& cancel) {
  absl::StatusOr<Generations> generations = collections_.GetGenerations(name);
  if (ReasonOf(generations.status()) == kReasonNoModelChange ||
      absl::IsNotFound(generations.status())) {
    return absl::OkStatus();  // Ended just now.
  }
  RETURN_IF_ERROR(generations.status());
  held_[name] = *generations;
  if (LeftOf(*generations) == 0) return absl::OkStatus();
  const absl::Status status =
      CatchUp(*generations, cancel, kLongestStretch, nullptr);
  // That somebody takes a turn, or drops the collection, is no fault.
  const bool ended =
      absl::IsCancelled(status) || ReasonOf(status) == kReasonCollectionDeleted;
  return ended ? absl::OkStatus() : status;
}

absl::Status ModelChanger::CatchUp(
    const Generations& generations, CancelToken& cancel, absl::Duration longest,
    const std::function<absl::Status()>& still_wanted) {
  const CollectionSpec spec = generations.other->spec();
  ASSIGN_OR_RETURN(const Embedder* const embedder, EmbedderOf(spec.model_id));
  Observer observer(*this, spec.name, cancel, longest, still_wanted);
  const ReembedResult result = Reembed(*generations.current, *generations.other,
                                       *embedder, options_, cancel, observer);
  RETURN_IF_ERROR(observer.wanted());
  return result.status;
}

void ModelChanger::LetGo() {
  const auto ended = [this](const auto& entry) {
    return !collections_.FindModelChange(entry.first).has_value();
  };
  {
    absl::MutexLock work(&work_);
    std::erase_if(held_, ended);
  }
  absl::MutexLock lock(&mutex_);
  std::erase_if(progress_, ended);
}

void ModelChanger::Note(const std::string& name, const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  absl::Status& noted = progress_[name].status;
  if (!status.ok() && noted != status) {
    LogLine(absl::StrCat("fault: the change of model of collection \"", name,
                         "\" does not go on: ", status.ToString()));
  }
  noted = status;
}

void ModelChanger::TryAgain(const std::string& name) {
  const Turn turn(*this);
  absl::MutexLock work(&work_);
  absl::MutexLock lock(&mutex_);
  const auto found = progress_.find(name);
  if (found != progress_.end()) found->second.status = absl::OkStatus();
}

absl::Status ModelChanger::Switch(
    const std::string& name, SwitchStep step, uint64_t unembedded,
    const std::function<absl::Status()>& still_wanted) {
  const Turn turn(*this);
  absl::MutexLock work(&work_);
  ASSIGN_OR_RETURN(const Generations generations,
                   collections_.GetGenerations(name));
  // Asked again by somebody whose answer was lost.
  if (step == SwitchStep::kSwitch && generations.switched) {
    return absl::OkStatus();
  }
  const bool in_turn = generations.switched == (step == SwitchStep::kRollback);
  if (!in_turn || LeftOf(generations) > kMaxLeftAtSwitch) {
    return SwitchGeneration(collections_, name, step, unembedded);  // Refuses.
  }
  // Most of it before writers have to wait; all of it may never come.
  CancelToken cancel;
  const absl::Status ahead =
      CatchUp(generations, cancel, kLongestStretch, still_wanted);
  if (!ahead.ok() && !absl::IsCancelled(ahead)) return ahead;
  if (LeftOf(generations) > kMaxLeftAtSwitch) {
    return SwitchGeneration(collections_, name, step, unembedded);  // Likewise.
  }
  return SwitchNow(generations, step, unembedded, still_wanted);
}

absl::Status ModelChanger::SwitchNow(
    const Generations& generations, SwitchStep step, uint64_t unembedded,
    const std::function<absl::Status()>& still_wanted) {
  generations.current->HoldWrites();
  const absl::Cleanup release = [&generations] {
    generations.current->ReleaseWrites();
  };
  const std::string name = generations.current->spec().name;
  CancelToken cancel;
  absl::Status status;
  do {
    RETURN_IF_ERROR(still_wanted());
    RETURN_IF_ERROR(
        CatchUp(generations, cancel, absl::InfiniteDuration(), still_wanted));
    status = SwitchGeneration(collections_, name, step, unembedded);
    // Again for the writes that were under way when it began to hold them.
  } while (ReasonOf(status) == kReasonNotCaughtUp);
  return status;
}

absl::Status ModelChanger::End(const std::string& name, EndStep step) {
  const Turn turn(*this);
  absl::MutexLock work(&work_);
  RETURN_IF_ERROR(EndModelChange(collections_, name, step));
  held_.erase(name);
  absl::MutexLock lock(&mutex_);
  progress_.erase(name);
  return absl::OkStatus();
}

}  // namespace likeness
