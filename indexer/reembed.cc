#include "indexer/reembed.h"

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/parallel.h"
#include "engine/core/sha256.h"
#include "engine/core/status_macros.h"
#include "indexer/ledger.h"

namespace likeness {
namespace {

// Whether the vectors of `held`, which `to` has, are also those of `item`.
bool HasVectorsOf(const Item& held, const Item& item) {
  if (held.unembedded.has_value()) return false;
  if (item.picture.has_value() && held.picture.has_value()) {
    return item.picture->content_hash == held.picture->content_hash;
  }
  // Of vectors alone: without any, `item` only changed the metadata of what
  // `held` is a copy of, or the original.
  return item.unembedded.has_value() && !item.picture.has_value() &&
         !held.picture.has_value();
}

class ReembedRun {
 public:
  ReembedRun(const Generation& from, Generation& to, const Embedder& embedder,
             const ReembedOptions& options, const CancelToken& cancel,
             ReembedObserver& observer)
      : from_(from),
        to_(to),
        options_(options),
        prepare_(options.prepare),
        cancel_(cancel),
        observer_(observer),
        embed_(embedder, options.embed) {
    prepare_.input_side = embedder.model().input_side;
    prepare_.fit = embedder.model().fit;
    prepare_.thumbnail_side = 0;  // The item keeps the one it has.
  }

  absl::Status Run();

  const ReembedCounts& counts() const { return counts_; }

 private:
  absl::Status Repeat(std::vector<Operation> operations);
  absl::Status ReuseVectors(std::vector<Operation>& operations,
                            std::vector<Operation*>& missing) const;
  absl::Status EmbedAll(const std::vector<Operation*>& puts);
  absl::StatusOr<NetworkInput> ReadPicture(const Item& item) const;
  void Settle(Operation& put, absl::StatusOr<Embedding> embedding) const;
  static void Count(const std::vector<Operation>& operations,
                    const std::vector<Operation*>& missing,
                    ReembedCounts& counts);
  void Stop(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status failure() const ABSL_LOCKS_EXCLUDED(mutex_);

  const Generation& from_;
  Generation& to_;
  const ReembedOptions& options_;
  PrepareOptions prepare_;
  const CancelToken& cancel_;
  ReembedObserver& observer_;
  ReembedCounts counts_;
  mutable absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  EmbedStage embed_;  // Last: its threads use the rest.
};

absl::Status ReembedRun::Run() {
  while (true) {
    if (cancel_.cancelled()) return absl::CancelledError("interrupted");
    ASSIGN_OR_RETURN(std::vector<Operation> operations,
                     from_.ListOperations(to_.last_op_id(), options_.batch));
    if (operations.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(Repeat(std::move(operations)));
    observer_.OnProgress(counts_, from_.last_op_id() - to_.last_op_id());
  }
}

absl::Status ReembedRun::Repeat(std::vector<Operation> operations) {
  std::vector<Operation*> missing;
  RETURN_IF_ERROR(ReuseVectors(operations, missing));
  RETURN_IF_ERROR(EmbedAll(missing));
  ReembedCounts counts = counts_;
  Count(operations, missing, counts);
  RETURN_IF_ERROR(to_.Follow(std::move(operations)));
  counts_ = std::move(counts);
  return absl::OkStatus();
}

// Gives puts the vectors that `to` has; the others are `missing`.
absl::Status ReembedRun::ReuseVectors(std::vector<Operation>& operations,
                                      std::vector<Operation*>& missing) const {
  std::vector<Operation*> puts;
  std::vector<std::string> ids;
  for (Operation& operation : operations) {
    if (operation.kind != Operation::Kind::kPut) continue;
    puts.push_back(&operation);
    ids.push_back(operation.item.id);
  }
  ASSIGN_OR_RETURN(const std::vector<std::optional<Item>> held,
                   to_.GetMany(ids, {}));
  for (size_t i = 0; i < puts.size(); ++i) {
    if (!held[i].has_value() || !HasVectorsOf(*held[i], puts[i]->item)) {
      missing.push_back(puts[i]);
      continue;
    }
    ASSIGN_OR_RETURN(puts[i]->vectors, to_.GetVectors(ids[i]));
    puts[i]->item.model_id = held[i]->model_id;
    puts[i]->item.unembedded.reset();
  }
  return absl::OkStatus();
}

// Returns when each of `puts` has its vectors, or the reason why not.
absl::Status ReembedRun::EmbedAll(const std::vector<Operation*>& puts) {
  absl::BlockingCounter under_way(static_cast<int>(puts.size()));
  ParallelFor(puts.size(), options_.workers, [&](size_t i) {
    Operation& put = *puts[i];
    absl::StatusOr<NetworkInput> input =
        cancel_.cancelled() ? absl::CancelledError("interrupted")
                            : ReadPicture(put.item);
    if (!input.ok()) {
      Settle(put, input.status());
      under_way.DecrementCount();
      return;
    }
    embed_.Submit(*std::move(input), [this, &put, &under_way](
                                         absl::StatusOr<Embedding> embedding) {
      if (embedding.ok()) {
        Settle(put, std::move(embedding));
      } else {
        Stop(embedding.status());  // The model's fault.
      }
      under_way.DecrementCount();
    });
  });
  under_way.Wait();
  if (cancel_.cancelled()) return absl::CancelledError("interrupted");
  return failure();
}

absl::StatusOr<NetworkInput> ReembedRun::ReadPicture(const Item& item) const {
  if (!item.picture.has_value()) {
    return WithReason(
        absl::FailedPreconditionError("only its vectors were given"),
        kReasonNoPicture);
  }
  if (item.source.empty()) {
    return WithReason(absl::FailedPreconditionError(
                          "nothing says where its picture came from"),
                      kReasonNoSource);
  }
  const std::string path =
      (std::filesystem::path(options_.root) / item.source).string();
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReadFile(path, prepare_.limits.max_bytes));
  if (Sha256(bytes) != item.picture->content_hash) {
    return WithReason(
        absl::FailedPreconditionError(absl::StrCat(
            path, " is not the picture any more that the item was made of")),
        kReasonPictureChanged);
  }
  absl::StatusOr<PreparedPicture> picture = PreparePicture(bytes, prepare_);
  if (!picture.ok()) return WithContext(picture.status(), path);
  return std::move(picture->input);
}

void ReembedRun::Settle(Operation& put,
                        absl::StatusOr<Embedding> embedding) const {
  if (embedding.ok()) {
    put.vectors = std::move(embedding->vectors);
    put.item.hash = embedding->hash;
    put.item.model_id = to_.spec().model_id;
    put.item.unembedded.reset();
  } else {
    put.item.unembedded = {ReasonToCount(embedding.status()),
                           std::string(embedding.status().message())};
  }
}

void ReembedRun::Count(const std::vector<Operation>& operations,
                       const std::vector<Operation*>& missing,
                       ReembedCounts& counts) {
  uint64_t puts = 0;
  for (const Operation& operation : operations) {
    switch (operation.kind) {
      case Operation::Kind::kPut:
        ++puts;
        break;
      case Operation::Kind::kDelete:
        ++counts.deleted;
        break;
      case Operation::Kind::kSuperseded:
        ++counts.superseded;
        break;
    }
  }
  counts.operations += operations.size();
  counts.reused += puts - missing.size();
  for (const Operation* put : missing) {
    const std::optional<Unembedded>& unembedded = put->item.unembedded;
    if (unembedded.has_value()) {
      ++counts.unembedded;
      ++counts.unembedded_by_reason[unembedded->reason];
    } else {
      ++counts.embedded;
    }
  }
}

void ReembedRun::Stop(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  failure_.Update(status);
}

absl::Status ReembedRun::failure() const {
  absl::MutexLock lock(&mutex_);
  return failure_;
}

}  // namespace

ReembedCounts& ReembedCounts::operator+=(const ReembedCounts& more) {
  operations += more.operations;
  embedded += more.embedded;
  reused += more.reused;
  unembedded += more.unembedded;
  deleted += more.deleted;
  superseded += more.superseded;
  for (const auto& [reason, count] : more.unembedded_by_reason) {
    unembedded_by_reason[reason] += count;
  }
  return *this;
}

absl::Status ReembedOptions::Validate() const {
  if (workers < 0) return InvalidField("workers", "must not be negative");
  if (batch < 1 || batch > kMaxItemsAtOnce) {
    return InvalidField("batch", absl::StrCat("is ", batch, ", must be 1 to ",
                                              kMaxItemsAtOnce));
  }
  return absl::OkStatus();
}

ReembedResult Reembed(const Generation& from, Generation& to,
                      const Embedder& embedder, const ReembedOptions& options,
                      const CancelToken& cancel, ReembedObserver& observer) {
  if (absl::Status valid = options.Validate(); !valid.ok()) {
    return {.status = std::move(valid)};
  }
  if (to.spec().model_id != embedder.model().id) {
    return {.status = WithReason(
                absl::FailedPreconditionError(absl::StrCat(
                    "the other generation of collection \"", to.spec().name,
                    "\" is for the model ", to.spec().model_id, ", not for ",
                    embedder.model().name, " (", embedder.model().id, ")")),
                kReasonModelMismatch)};
  }
  const absl::Time begin = absl::Now();
  ReembedRun run(from, to, embedder, options, cancel, observer);
  ReembedResult result;
  result.status = run.Run();
  result.counts = run.counts();
  result.elapsed = absl::Now() - begin;
  return result;
}

}  // namespace likeness
