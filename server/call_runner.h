#ifndef LIKENESS_SERVER_CALL_RUNNER_H_
#define LIKENESS_SERVER_CALL_RUNNER_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "engine/embed/picture_encoder.h"
#include "server/backend.h"
#include "server/health_service.h"
#include "server/model_changer.h"
#include "server/worker_pool.h"

namespace likeness {

// The backend as the handlers use it; const, shared by all calls.
struct ServingState {
  Backend backend;
  ModelChanger& changer;                       // Of backend.collections.
  PictureEncoder encoder;                      // Over backend.embedder.
  std::optional<PictureEncoder> next_encoder;  // Over backend.next_embedder.
};

// What a handler has while it runs.
class Call {
 public:
  Call(const ServingState& state, grpc::CallbackServerContext& context)
      : state_(state), context_(context) {}

  CollectionSet& collections() const { return *state_.backend.collections; }
  ModelChanger& changer() const { return state_.changer; }
  const ModelInfo& model() const { return state_.backend.embedder->model(); }
  // nullptr: there is no model that collections can be changed to.
  const ModelInfo* next_model() const;
  const PictureEncoder& encoder() const { return state_.encoder; }
  // Of the model that makes the collection's vectors; encoder() where the
  // server does not run it.
  const PictureEncoder& EncoderOf(const CollectionSpec& spec) const;

  // An error when nobody waits for the answer any more: the caller cancelled,
  // went away, or its deadline passed. Asked before costly steps.
  absl::Status CheckWanted() const;

 private:
  const ServingState& state_;
  grpc::CallbackServerContext& context_;
};

// Runs the handlers of all services: refuses calls until there is a backend,
// moves the work to the pool, drops calls that nobody waits for, turns the
// status into gRPC's, logs the server's own faults, and turns health to
// NOT_SERVING when a collection can no longer be served. Thread-safe.
class CallRunner {
 public:
  // `pool` and `health` outlive this.
  CallRunner(WorkerPool& pool, HealthService& health)
      : pool_(pool), health_(health) {}

  using Handler = std::function<absl::Status(const Call&)>;

  // The reactor of a unary call; it finishes when `handler`, which fills the
  // response, has returned.
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context,
                                Handler handler);

  // From now on calls are handled. Once; `state` outlives the calls.
  void SetReady(const ServingState& state) { state_.store(&state); }

  // From now on new calls are refused.
  void SetStopping() { stopping_.store(true); }

 private:
  absl::Status CheckServing() const;
  void Finish(grpc::ServerUnaryReactor& reactor, absl::Status status);

  WorkerPool& pool_;
  HealthService& health_;
  std::atomic<const ServingState*> state_ = nullptr;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> out_of_step_ = false;  // Said so once.
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_CALL_RUNNER_H_
