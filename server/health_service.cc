#include "server/health_service.h"

#include <grpcpp/grpcpp.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace likeness {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

std::set<std::string> WithWholeServer(const std::vector<std::string>& names) {
  std::set<std::string> all(names.begin(), names.end());
  all.insert("");
  return all;
}

}  // namespace

// One open Watch call. gRPC allows one write at a time: while one is under way,
// only the newest state is kept. Deletes itself when the call is done.
//
// The service calls it with its own lock held, so this never calls the service
// with its lock held.
class HealthService::Watcher final
    : public grpc::ServerWriteReactor<HealthCheckResponse> {
 public:
  Watcher(HealthService& service, bool known)
      : service_(service), known_(known) {}

  bool known() const { return known_; }

  // Sends `status` unless it was the last one sent.
  void Tell(HealthCheckResponse::ServingStatus status)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    pending_ = status;
    Advance();
  }

  // Ends the call after what is still to be sent.
  void End(const grpc::Status& status) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (!ending_) ending_ = status;
    Advance();
  }

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok && !ending_) {
      ending_ = grpc::Status(grpc::StatusCode::CANCELLED, "the watcher left");
    }
    if (!ok) pending_.reset();
    Advance();
  }

  void OnCancel() override {
    End(grpc::Status(grpc::StatusCode::CANCELLED, "the watcher left"));
  }

  void OnDone() override {
    service_.Forget(this);
    delete this;
  }

 private:
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || finished_) return;
    if (pending_ && pending_ != sent_) {
      sent_ = pending_;
      response_.set_status(*pending_);
      writing_ = true;
      StartWrite(&response_);
    } else if (ending_) {
      finished_ = true;
      Finish(*ending_);
    }
  }

  HealthService& service_;
  const bool known_;

  absl::Mutex mutex_;
  HealthCheckResponse response_ ABSL_GUARDED_BY(mutex_);
  std::optional<HealthCheckResponse::ServingStatus> sent_
      ABSL_GUARDED_BY(mutex_);
  std::optional<HealthCheckResponse::ServingStatus> pending_
      ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> ending_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

HealthService::HealthService(const std::vector<std::string>& services)
    : names_(WithWholeServer(services)) {}

HealthCheckResponse::ServingStatus HealthService::StatusNow() const {
  return serving_ ? HealthCheckResponse::SERVING
                  : HealthCheckResponse::NOT_SERVING;
}

void HealthService::SetServing(bool serving) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) return;
  serving_ = serving;
  for (Watcher* watcher : watchers_) {
    if (watcher->known()) watcher->Tell(StatusNow());
  }
}

void HealthService::Stop() {
  absl::MutexLock lock(&mutex_);
  serving_ = false;
  stopped_ = true;
  for (Watcher* watcher : watchers_) {
    if (watcher->known()) watcher->Tell(StatusNow());
    watcher->End(
        grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server is stopping"));
  }
}

grpc::ServerUnaryReactor* HealthService::Check(
    grpc::CallbackServerContext* context, const HealthCheckRequest* request,
    HealthCheckResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!names_.contains(request->service())) {
    reactor->Finish(
        grpc::Status(grpc::StatusCode::NOT_FOUND, "no such service"));
    return reactor;
  }
  {
    absl::MutexLock lock(&mutex_);
    response->set_status(StatusNow());
  }
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(
    grpc::CallbackServerContext* /*context*/,
    const HealthCheckRequest* request) {
  const bool known = names_.contains(request->service());
  auto* watcher = new Watcher(*this, known);  // Until its OnDone.
  absl::MutexLock lock(&mutex_);
  watchers_.insert(watcher);
  watcher->Tell(known ? StatusNow() : HealthCheckResponse::SERVICE_UNKNOWN);
  if (stopped_) {
    watcher->End(
        grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server is stopping"));
  }
  return watcher;
}

void HealthService::Forget(Watcher* watcher) {
  absl::MutexLock lock(&mutex_);
  watchers_.erase(watcher);
}

}  // namespace likeness
