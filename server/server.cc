#include "server/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/core/utf8.h"
#include "server/admin_service.h"
#include "server/call_runner.h"
#include "server/collection_service.h"
#include "server/expiry_sweeper.h"
#include "server/health_service.h"
#include "server/item_service.h"
#include "server/model_changer.h"
#include "server/model_service.h"
#include "server/search_service.h"
#include "server/worker_pool.h"

namespace likeness {
namespace {

// Bytes of a message beside its pictures: ids, metadata, framing.
constexpr uint64_t kMessageOverhead = uint64_t{1} << 20;
constexpr uint64_t kMaxMessageBytes = (uint64_t{1} << 31) - 1;  // protobuf's.
constexpr int kMaxStreamsPerConnection = 1000;
constexpr absl::Duration kSweepPause = absl::Seconds(1);
constexpr absl::Duration kChangePause = absl::Seconds(1);

std::vector<std::string> ServiceNames() {
  return {v1::AdminService::service_full_name(),
          v1::CollectionService::service_full_name(),
          v1::ItemService::service_full_name(),
          v1::ModelService::service_full_name(),
          v1::SearchService::service_full_name()};
}

// One picture after the other, so that searches find the cores free.
ReembedOptions BackgroundReembed(const ServerOptions& options) {
  ReembedOptions reembed;
  reembed.prepare.limits = options.limits;
  reembed.embed.threads = 1;
  reembed.embed.max_batch = 4;
  reembed.workers = 1;
  reembed.batch = 64;
  reembed.root = options.picture_folder;
  return reembed;
}

// gRPC's defaults call two servers on one port a feature and an idle client
// that pings an attack (GOAWAY too_many_pings); users expect neither.
void SetChannelArguments(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             kMaxStreamsPerConnection);
}

absl::Status CheckRange(absl::string_view field, int value, int low, int high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return InvalidField(field,
                      absl::StrCat(value, " is not in ", low, " to ", high));
}

}  // namespace

absl::Status ServerOptions::Validate() const {
  if (listen.empty()) return InvalidField("listen", "is empty");
  if (!absl::StartsWith(listen, "unix:")) {
    // gRPC takes any number and keeps its last 16 bits.
    int port = -1;
    const size_t colon = listen.rfind(':');
    if (colon == std::string::npos ||
        !absl::SimpleAtoi(listen.substr(colon + 1), &port) || port < 0 ||
        port > 65'535) {
      return InvalidField(
          "listen", absl::StrCat("\"", listen,
                                 "\" is not HOST:PORT with a port of 0 to "
                                 "65535"));
    }
  }
  // Messages of the API name the pictures in it.
  if (!IsValidUtf8(picture_folder)) {
    return InvalidField("picture_folder", "is not valid UTF-8");
  }
  RETURN_IF_ERROR(limits.Validate());
  if (limits.max_bytes > (kMaxMessageBytes - kMessageOverhead) / 2) {
    return InvalidField(
        "max_bytes", absl::StrCat(limits.max_bytes,
                                  " is more than a message of two pictures may "
                                  "carry: at most ",
                                  (kMaxMessageBytes - kMessageOverhead) / 2));
  }
  RETURN_IF_ERROR(CheckRange("thumbnail_side", thumbnail_side, 16, 1024));
  RETURN_IF_ERROR(CheckRange("handler_threads", handler_threads, 1, 1024));
  return CheckRange("max_pending_calls", max_pending_calls, 1, 65'536);
}

namespace {

class ServerImpl final : public Server {
 public:
  explicit ServerImpl(const ServerOptions& options)
      : options_(options),
        health_(ServiceNames()),
        pool_(options.handler_threads, options.max_pending_calls),
        runner_(pool_, health_),
        admin_(runner_, options.snapshot_folder),
        collections_(runner_),
        items_(runner_),
        models_(runner_),
        search_(runner_) {}

  ~ServerImpl() override { Shutdown(absl::ZeroDuration()); }

  absl::Status Bind() {
    grpc::ServerBuilder builder;
    SetChannelArguments(builder);
    builder.SetMaxReceiveMessageSize(
        static_cast<int>(2 * options_.limits.max_bytes + kMessageOverhead));
    builder.AddListeningPort(options_.listen, grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(&health_);
    builder.RegisterService(&admin_);
    builder.RegisterService(&collections_);
    builder.RegisterService(&items_);
    builder.RegisterService(&models_);
    builder.RegisterService(&search_);
    grpc_server_ = builder.BuildAndStart();
    if (grpc_server_ != nullptr && port_ != 0) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", options_.listen,
        ": another program has the port, or the address is not this "
        "machine's"));
  }

  void StartLoading(BackendLoader loader) {
    loading_ = std::thread(
        [this, load = std::move(loader)]() { FinishLoading(load()); });
  }

  int port() const override { return port_; }

  absl::Status WaitUntilReady() override {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&loaded_));
    return load_status_;
  }

  absl::Status WaitForStop() override {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &ServerImpl::MustStop));
    return stop_requested_ ? absl::OkStatus() : load_status_;
  }

  void RequestStop() override {
    absl::MutexLock lock(&mutex_);
    stop_requested_ = true;
  }

  void Shutdown(absl::Duration grace) override {
    if (grpc_server_ == nullptr) return;
    const auto deadline = absl::ToChronoTime(absl::Now() + grace);
    // Load balancers hear it before the first call is refused.
    health_.Stop();
    runner_.SetStopping();
    grpc_server_->Shutdown(deadline);
    grpc_server_->Wait();
    grpc_server_.reset();
    if (loading_.joinable()) loading_.join();
    sweeper_.reset();
    changer_.reset();
  }

 private:
  bool MustStop() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stop_requested_ || (loaded_ && !load_status_.ok());
  }

  void FinishLoading(absl::StatusOr<Backend> backend)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::Status status = backend.status();
    if (status.ok()) {
      Serve(*std::move(backend));
      sweeper_ = std::make_unique<ExpirySweeper>(*state_->backend.collections,
                                                 kSweepPause);
      runner_.SetReady(*state_);
      health_.SetServing(true);
    }
    absl::MutexLock lock(&mutex_);
    load_status_ = status;
    loaded_ = true;
  }

  void Serve(Backend backend) {
    std::vector<const Embedder*> background;
    background.reserve(backend.background.size());
    for (const auto& embedder : backend.background) {
      background.push_back(embedder.get());
    }
    const auto encoder_over = [this](const Embedder& embedder) {
      return PictureEncoder(embedder, options_.limits, options_.thumbnail_side);
    };
    CollectionSet& collections = *backend.collections;
    const Embedder& embedder = *backend.embedder;
    std::optional<PictureEncoder> next;
    if (backend.next_embedder != nullptr) {
      next.emplace(encoder_over(*backend.next_embedder));
    }
    changer_ = std::make_unique<ModelChanger>(
        collections, std::move(background), BackgroundReembed(options_),
        kChangePause);
    state_ = std::make_unique<const ServingState>(ServingState{
        std::move(backend), *changer_, encoder_over(embedder), next});
  }

  const ServerOptions options_;

  // From here on in the order of use: what comes later uses what comes before.
  // Written once, by the loading thread, before runner_ learns of it.
  std::unique_ptr<const ServingState> state_;
  std::unique_ptr<ModelChanger> changer_;   // Likewise.
  std::unique_ptr<ExpirySweeper> sweeper_;  // Likewise.
  HealthService health_;
  WorkerPool pool_;
  CallRunner runner_;
  AdminServiceImpl admin_;
  CollectionServiceImpl collections_;
  ItemServiceImpl items_;
  ModelServiceImpl models_;
  SearchServiceImpl search_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> grpc_server_;
  std::thread loading_;

  absl::Mutex mutex_;
  bool loaded_ ABSL_GUARDED_BY(mutex_) = false;
  bool stop_requested_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status load_status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, BackendLoader loader) {
  RETURN_IF_ERROR(options.Validate());
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  auto server = std::make_unique<ServerImpl>(options);
  RETURN_IF_ERROR(server->Bind());
  server->StartLoading(std::move(loader));
  return server;
}

}  // namespace likeness
