#ifndef LIKENESS_SERVER_HEALTH_SERVICE_H_
#define LIKENESS_SERVER_HEALTH_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace likeness {

// grpc.health.v1. All services of the server are in the same state, from the
// first answer on: gRPC's built-in health service says SERVING between binding
// and the first chance to say otherwise, and keeps watchers, and so the
// shutdown, waiting. Thread-safe.
class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  // NOT_SERVING for the server ("") and each of `services` (full names).
  explicit HealthService(const std::vector<std::string>& services);

  void SetServing(bool serving) ABSL_LOCKS_EXCLUDED(mutex_);

  // Tells the watchers NOT_SERVING and ends their streams with UNAVAILABLE;
  // later ones end at once. Checks are still answered.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  grpc::ServerUnaryReactor* Check(
      grpc::CallbackServerContext* context,
      const grpc::health::v1::HealthCheckRequest* request,
      grpc::health::v1::HealthCheckResponse* response) override
      ABSL_LOCKS_EXCLUDED(mutex_);

  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context,
      const grpc::health::v1::HealthCheckRequest* request) override
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  class Watcher;

  // A known service's state now.
  grpc::health::v1::HealthCheckResponse::ServingStatus StatusNow() const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Forget(Watcher* watcher) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::set<std::string> names_;

  absl::Mutex mutex_;
  bool serving_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<Watcher*> watchers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_HEALTH_SERVICE_H_
