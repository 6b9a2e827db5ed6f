#include "server/call_runner.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "server/log.h"
#include "server/reasons.h"
#include "server/rpc_status.h"

namespace likeness {
namespace {

// The codes and reasons that mean a fault of the server or its disk, not of the
// caller.
bool IsOurFault(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return status.code() == absl::StatusCode::kInternal ||
         status.code() == absl::StatusCode::kUnknown ||
         status.code() == absl::StatusCode::kDataLoss ||
         reason == kReasonInternal || reason == kReasonStorageFailed;
}

}  // namespace

absl::Status Call::CheckWanted() const {
  if (context_.deadline() <= std::chrono::system_clock::now()) {
    return WithReason(absl::DeadlineExceededError(
                          "the call's deadline passed before it was done"),
                      kReasonCallerGone);
  }
  if (context_.IsCancelled()) {
    return WithReason(absl::CancelledError("the caller cancelled the call"),
                      kReasonCallerGone);
  }
  return absl::OkStatus();
}

const ModelInfo* Call::next_model() const {
  return state_.next_encoder.has_value() ? &state_.next_encoder->model()
                                         : nullptr;
}

const PictureEncoder& Call::EncoderOf(const CollectionSpec& spec) const {
  const ModelInfo* next = next_model();
  return next != nullptr && next->id == spec.model_id ? *state_.next_encoder
                                                      : state_.encoder;
}

void CallRunner::Finish(grpc::ServerUnaryReactor& reactor,
                        absl::Status status) {
  if (!status.ok() && ReasonOf(status).empty()) {
    status = WithReason(std::move(status), kReasonInternal);
  }
  if (IsOurFault(status)) LogLine(absl::StrCat("fault: ", status.ToString()));
  if (ReasonOf(status) == kReasonOutOfStep && !out_of_step_.exchange(true)) {
    health_.SetServing(false);
    LogLine(
        "health is NOT_SERVING: a collection's index lacks what is stored; "
        "restart the server, which rebuilds it from the store");
  }
  reactor.Finish(ToGrpcStatus(status));
}

absl::Status CallRunner::CheckServing() const {
  if (stopping_.load()) {
    return WithReason(absl::UnavailableError("the server is stopping"),
                      kReasonShuttingDown);
  }
  if (state_.load() == nullptr) {
    return WithReason(
        absl::UnavailableError("the server is still loading its model and "
                               "collections; try again in a moment"),
        kReasonLoading);
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* CallRunner::Run(grpc::CallbackServerContext* context,
                                          Handler handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (absl::Status serving = CheckServing(); !serving.ok()) {
    Finish(*reactor, serving);
    return reactor;
  }
  const bool accepted =
      pool_.TrySubmit([this, context, reactor, work = std::move(handler)]() {
        const Call call(*state_.load(), *context);
        absl::Status status = call.CheckWanted();
        if (status.ok()) status = work(call);
        Finish(*reactor, status);
      });
  if (!accepted) {
    Finish(*reactor,
           WithReason(absl::UnavailableError(
                          "too many calls wait for an answer; try again later"),
                      kReasonOverloaded));
  }
  return reactor;
}

}  // namespace likeness
