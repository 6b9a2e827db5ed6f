#include "server/model_service.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/collection/overlap.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/store/database.h"
#include "indexer/change_model.h"
#include "indexer/unembedded.h"
#include "server/convert.h"
#include "server/convert_model.h"
#include "server/page_token.h"
#include "server/request_checks.h"

namespace likeness {
namespace {

absl::Status CheckThere(const Call& call, const std::string& name) {
  return FindCollection(call.collections(), name, "collection").status();
}

absl::StatusOr<Generations> FindGenerations(const Call& call,
                                            const std::string& name) {
  RETURN_IF_ERROR(CheckThere(call, name));
  return call.collections().GetGenerations(name);
}

void ToWire(const ModelChanger::Progress& progress, v1::ModelChange& wire) {
  wire.set_error(std::string(progress.status.message()));
  wire.set_error_reason(ReasonOf(progress.status));
  if (progress.counts.operations == 0) return;
  v1::ReembedProgress& work = *wire.mutable_progress();
  ToWire(progress.counts, progress.work_time, work);
  const double pace = progress.operations_per_second;
  work.set_operations_per_second(pace);
  if (pace > 0) {
    DurationToWire(
        absl::Seconds(static_cast<double>(wire.operations_left()) / pace),
        *work.mutable_time_left());
  }
}

absl::Status Describe(const Call& call, const std::string& name,
                      v1::ModelChange& wire) {
  ASSIGN_OR_RETURN(const Generations generations, FindGenerations(call, name));
  ToWire(generations, wire);
  ToWire(call.changer().progress(name), wire);
  return absl::OkStatus();
}

absl::Status Start(const Call& call, const v1::StartModelChangeRequest& request,
                   v1::StartModelChangeResponse& response) {
  const std::string& name = request.collection();
  RETURN_IF_ERROR(CheckThere(call, name));
  const ModelInfo* next = call.next_model();
  if (next == nullptr) {
    return WithReason(absl::FailedPreconditionError(
                          "the server runs no model beside its own (likeness "
                          "serve --next-model)"),
                      kReasonModelMismatch);
  }
  ASSIGN_OR_RETURN(const Generations generations,
                   OpenModelChange(call.collections(), name, *next));
  if (request.retry_unembedded()) {
    RETURN_IF_ERROR(
        RenewUnembedded(*generations.current, *generations.other, [&call] {
          return call.CheckWanted();
        }).status());
  }
  call.changer().TryAgain(name);
  return Describe(call, name, *response.mutable_change());
}

absl::Status List(const Call& call,
                  const v1::ListUnembeddedItemsRequest& request,
                  v1::ListUnembeddedItemsResponse& response) {
  RETURN_IF_ERROR(CheckThere(call, request.collection()));
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> asked,
      FindWithUnembedded(call.collections(), request.collection()));
  const CollectionSpec spec = asked->spec();
  ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size()));
  std::string start;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(
        start, ParsePageToken(PageKind::kItems, spec, request.page_token(),
                              kMaxItemIdBytes));
  }
  if (asked->stats().unembedded_items == 0) return absl::OkStatus();
  size_t bytes = 0;
  do {
    RETURN_IF_ERROR(call.CheckWanted());
    ASSIGN_OR_RETURN(const ItemPage page,
                     asked->List(start, kMaxItemsAtOnce, {}));
    for (const Item& item : page.items) {
      if (!item.unembedded.has_value()) continue;
      v1::UnembeddedItem wire;
      ToWire(item, wire);
      bytes += wire.ByteSizeLong();
      if (response.items_size() == page_size ||
          (bytes > kMaxPageBytes && !response.items().empty())) {
        response.set_next_page_token(
            MakePageToken(PageKind::kItems, spec, item.id));
        return absl::OkStatus();
      }
      *response.add_items() = std::move(wire);
    }
    start = page.next_id;
  } while (!start.empty());
  return absl::OkStatus();
}

absl::Status Compare(const Call& call, const v1::CompareModelsRequest& request,
                     v1::CompareModelsResponse& response) {
  ASSIGN_OR_RETURN(const Generations generations,
                   FindGenerations(call, request.collection()));
  ASSIGN_OR_RETURN(const std::vector<SpaceOverlap> overlaps,
                   MeasureOverlap(*generations.current, *generations.other,
                                  FromWire(request),
                                  [&call] { return call.CheckWanted(); }));
  ToWire(overlaps, response);
  CutExamples(kMaxPageBytes, response);
  return absl::OkStatus();
}

// Of a SwitchModelRequest or a RollBackModelRequest.
template <typename Request>
absl::Status Switch(const Call& call, const Request& request, SwitchStep step,
                    v1::ModelChange& change) {
  const std::string& name = request.collection();
  RETURN_IF_ERROR(CheckThere(call, name));
  if (request.unembedded_count() < 0) {
    return InvalidField("unembedded_count", "is below 0");
  }
  RETURN_IF_ERROR(call.changer().Switch(
      name, step, static_cast<uint64_t>(request.unembedded_count()),
      [&call] { return call.CheckWanted(); }));
  return Describe(call, name, change);
}

// Of the requests and responses that end a change.
template <typename Request, typename Response>
absl::Status End(const Call& call, const Request& request, EndStep step,
                 Response& response) {
  RETURN_IF_ERROR(CheckThere(call, request.collection()));
  const absl::Status ended = call.changer().End(request.collection(), step);
  ASSIGN_OR_RETURN(
      const std::shared_ptr<Collection> collection,
      FindCollection(call.collections(), request.collection(), "collection"));
  const std::string model_id = collection->spec().model_id;
  // Asked again by somebody whose answer was lost: nothing else brings a
  // collection to the next model.
  const ModelInfo* next = call.next_model();
  const bool finished = step == EndStep::kFinish &&
                        ReasonOf(ended) == kReasonNoModelChange &&
                        next != nullptr && next->id == model_id;
  if (!finished) RETURN_IF_ERROR(ended);
  response.set_model_id(model_id);
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* ModelServiceImpl::StartModelChange(
    grpc::CallbackServerContext* context,
    const v1::StartModelChangeRequest* request,
    v1::StartModelChangeResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Start(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* ModelServiceImpl::GetModelChange(
    grpc::CallbackServerContext* context,
    const v1::GetModelChangeRequest* request,
    v1::GetModelChangeResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Describe(call, request->collection(), *response->mutable_change());
  });
}

grpc::ServerUnaryReactor* ModelServiceImpl::ListUnembeddedItems(
    grpc::CallbackServerContext* context,
    const v1::ListUnembeddedItemsRequest* request,
    v1::ListUnembeddedItemsResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return List(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* ModelServiceImpl::CompareModels(
    grpc::CallbackServerContext* context,
    const v1::CompareModelsRequest* request,
    v1::CompareModelsResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Compare(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* ModelServiceImpl::SwitchModel(
    grpc::CallbackServerContext* context, const v1::SwitchModelRequest* request,
    v1::SwitchModelResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Switch(call, *request, SwitchStep::kSwitch,
                  *response->mutable_change());
  });
}

grpc::ServerUnaryReactor* ModelServiceImpl::RollBackModel(
    grpc::CallbackServerContext* context,
    const v1::RollBackModelRequest* request,
    v1::RollBackModelResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return Switch(call, *request, SwitchStep::kRollback,
                  *response->mutable_change());
  });
}

grpc::ServerUnaryReactor* ModelServiceImpl::FinishModelChange(
    grpc::CallbackServerContext* context,
    const v1::FinishModelChangeRequest* request,
    v1::FinishModelChangeResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return End(call, *request, EndStep::kFinish, *response);
  });
}

grpc::ServerUnaryReactor* ModelServiceImpl::CancelModelChange(
    grpc::CallbackServerContext* context,
    const v1::CancelModelChangeRequest* request,
    v1::CancelModelChangeResponse* response) {
  return runner_.Run(context, [request, response](const Call& call) {
    return End(call, *request, EndStep::kCancel, *response);
  });
}

}  // namespace likeness
