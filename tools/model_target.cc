#include "tools/model_target.h"

#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/collection/collection_set.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "indexer/cancel.h"
#include "indexer/unembedded.h"
#include "server/convert_model.h"
#include "tools/local_engine.h"
#include "tools/remote_client.h"
#include "tools/stop_signals.h"

namespace likeness {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(200);

class LocalTarget final : public ModelTarget {
 public:
  LocalTarget(LocalCollection local, std::string name)
      : local_(std::move(local)), name_(std::move(name)) {}

  absl::StatusOr<Reembedded> Reembed(const ReembedFlags& flags,
                                     ReembedObserver& observer) override {
    if (flags.bundle.empty()) {
      return InvalidField("BUNDLE", "the new model's bundle is not given");
    }
    ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                     LoadModel(flags.bundle, flags.workers));
    ASSIGN_OR_RETURN(const Generations generations,
                     OpenModelChange(*local_.set, name_, embedder->model()));
    if (flags.retry) {
      RETURN_IF_ERROR(
          RenewUnembedded(*generations.current, *generations.other).status());
    }
    return CatchUp(generations, *embedder, flags, observer);
  }

  absl::StatusOr<v1::ModelChange> Status() override {
    ASSIGN_OR_RETURN(const Generations generations,
                     local_.set->GetGenerations(name_));
    v1::ModelChange change;
    ToWire(generations, change);
    return change;
  }

  absl::StatusOr<std::vector<v1::UnembeddedItem>> Unembedded() override {
    ASSIGN_OR_RETURN(const std::shared_ptr<Collection> asked,
                     FindWithUnembedded(*local_.set, name_));
    std::vector<v1::UnembeddedItem> items;
    RETURN_IF_ERROR(ForEachUnembedded(*asked, [&](const Item& item) {
      ToWire(item, items.emplace_back());
      return absl::OkStatus();
    }));
    return items;
  }

  absl::StatusOr<std::vector<v1::SpaceOverlap>> Compare(
      const OverlapOptions& options) override {
    ASSIGN_OR_RETURN(const Generations generations,
                     local_.set->GetGenerations(name_));
    ASSIGN_OR_RETURN(
        const std::vector<SpaceOverlap> overlaps,
        MeasureOverlap(*generations.current, *generations.other, options));
    v1::CompareModelsResponse response;
    ToWire(overlaps, response);
    return std::vector<v1::SpaceOverlap>(response.spaces().begin(),
                                         response.spaces().end());
  }

  absl::StatusOr<v1::ModelChange> Switch(uint64_t unembedded) override {
    RETURN_IF_ERROR(
        SwitchGeneration(*local_.set, name_, SwitchStep::kSwitch, unembedded));
    return Status();
  }

  absl::StatusOr<v1::ModelChange> RollBack(uint64_t unembedded,
                                           const ReembedFlags& flags,
                                           ReembedObserver& observer) override {
    ASSIGN_OR_RETURN(const Generations generations,
                     local_.set->GetGenerations(name_));
    const bool behind =
        generations.switched &&
        generations.other->last_op_id() < generations.current->last_op_id();
    if (behind && !flags.bundle.empty()) {
      ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                       LoadModel(flags.bundle, flags.workers));
      ASSIGN_OR_RETURN(const Reembedded done,
                       CatchUp(generations, *embedder, flags, observer));
      RETURN_IF_ERROR(done.status);
    }
    RETURN_IF_ERROR(SwitchGeneration(*local_.set, name_, SwitchStep::kRollback,
                                     unembedded));
    return Status();
  }

  absl::StatusOr<std::string> End(EndStep step) override {
    RETURN_IF_ERROR(EndModelChange(*local_.set, name_, step));
    ASSIGN_OR_RETURN(const auto collection, local_.set->Get(name_));
    return collection->spec().model_id;
  }

 private:
  // Lets the other generation come as far as the current one.
  static absl::StatusOr<Reembedded> CatchUp(const Generations& generations,
                                            const Embedder& embedder,
                                            const ReembedFlags& flags,
                                            ReembedObserver& observer) {
    CancelToken cancel;
    ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                     StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
    ReembedOptions options;
    options.workers = flags.workers;
    options.embed.threads = flags.workers;
    options.root = flags.pictures;
    const ReembedResult result =
        likeness::Reembed(*generations.current, *generations.other, embedder,
                          options, cancel, observer);
    Reembedded done;
    ToWire(generations, done.change);
    ToWire(result.counts, result.elapsed, *done.change.mutable_progress());
    done.status = absl::IsCancelled(result.status)
                      ? absl::CancelledError(
                            "interrupted; what was counted is kept, and the "
                            "same command goes on from here")
                      : result.status;
    return done;
  }

  const LocalCollection local_;
  const std::string name_;
};

ReembedCounts CountsFromWire(const v1::ReembedProgress& wire) {
  ReembedCounts counts;
  counts.operations = static_cast<uint64_t>(wire.operations());
  return counts;
}

class RemoteTarget final : public ModelTarget {
 public:
  RemoteTarget(const std::string& server, std::string name)
      : client_(server), name_(std::move(name)) {}

  absl::StatusOr<Reembedded> Reembed(const ReembedFlags& flags,
                                     ReembedObserver& observer) override {
    RETURN_IF_ERROR(CheckLeftToServer(flags));
    v1::StartModelChangeRequest request;
    request.set_collection(name_);
    request.set_retry_unembedded(flags.retry);
    Reembedded done;
    ASSIGN_OR_RETURN(done.change, client_.StartModelChange(request));
    CancelToken cancel;
    ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                     StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
    while (done.change.operations_left() > 0) {
      if (cancel.cancelled()) {
        done.status =
            absl::CancelledError("interrupted; the server goes on embedding");
        break;
      }
      absl::SleepFor(kBetweenLooks);
      ASSIGN_OR_RETURN(done.change, client_.GetModelChange(name_));
      if (!done.change.error().empty()) {
        done.status =
            WithReason(absl::FailedPreconditionError(done.change.error()),
                       done.change.error_reason());
        break;
      }
      observer.OnProgress(CountsFromWire(done.change.progress()),
                          static_cast<uint64_t>(done.change.operations_left()));
    }
    return done;
  }

  absl::StatusOr<v1::ModelChange> Status() override {
    return client_.GetModelChange(name_);
  }

  absl::StatusOr<std::vector<v1::UnembeddedItem>> Unembedded() override {
    v1::ListUnembeddedItemsRequest request;
    request.set_collection(name_);
    request.set_page_size(kMaxItemsAtOnce);
    std::vector<v1::UnembeddedItem> items;
    do {
      ASSIGN_OR_RETURN(const v1::ListUnembeddedItemsResponse page,
                       client_.ListUnembeddedItems(request));
      items.insert(items.end(), page.items().begin(), page.items().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return items;
  }

  absl::StatusOr<std::vector<v1::SpaceOverlap>> Compare(
      const OverlapOptions& options) override {
    RETURN_IF_ERROR(options.Validate());
    v1::CompareModelsRequest request;
    request.set_collection(name_);
    request.set_sample(options.sample);
    request.set_k(options.k);
    request.set_worst(options.worst);
    request.set_seed(options.seed);
    ASSIGN_OR_RETURN(const v1::CompareModelsResponse response,
                     client_.CompareModels(request));
    return std::vector<v1::SpaceOverlap>(response.spaces().begin(),
                                         response.spaces().end());
  }

  absl::StatusOr<v1::ModelChange> Switch(uint64_t unembedded) override {
    v1::SwitchModelRequest request;
    request.set_collection(name_);
    request.set_unembedded_count(static_cast<int64_t>(unembedded));
    return client_.SwitchModel(request);
  }

  absl::StatusOr<v1::ModelChange> RollBack(
      uint64_t unembedded, const ReembedFlags& flags,
      ReembedObserver& /*observer*/) override {
    RETURN_IF_ERROR(CheckLeftToServer(flags));
    v1::RollBackModelRequest request;
    request.set_collection(name_);
    request.set_unembedded_count(static_cast<int64_t>(unembedded));
    return client_.RollBackModel(request);
  }

  absl::StatusOr<std::string> End(EndStep step) override {
    return step == EndStep::kFinish ? client_.FinishModelChange(name_)
                                    : client_.CancelModelChange(name_);
  }

 private:
  static absl::Status CheckLeftToServer(const ReembedFlags& flags) {
    if (flags.bundle.empty() && flags.pictures.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "a server embeds with the models and the folder of pictures that it "
        "was started with (likeness serve --model, --next-model, --pictures): "
        "name none with --server");
  }

  const RemoteClient client_;
  const std::string name_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ModelTarget>> ModelTarget::Open(
    const Target& target) {
  if (target.remote()) {
    return std::make_unique<RemoteTarget>(target.server, target.collection);
  }
  ASSIGN_OR_RETURN(LocalCollection local,
                   OpenCollection(target.data, target.collection));
  return std::make_unique<LocalTarget>(std::move(local), target.collection);
}

}  // namespace likeness
