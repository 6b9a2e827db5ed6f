#ifndef LIKENESS_SERVER_SEARCH_SERVICE_H_
#define LIKENESS_SERVER_SEARCH_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include "likeness/v1/search_service.grpc.pb.h"
#include "server/call_runner.h"

namespace likeness {

// likeness.v1.SearchService over the collections and the model. Thread-safe.
class SearchServiceImpl final : public v1::SearchService::CallbackService {
 public:
  // `runner` outlives this.
  explicit SearchServiceImpl(CallRunner& runner) : runner_(runner) {}

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override;
  grpc::ServerUnaryReactor* Compare(grpc::CallbackServerContext* context,
                                    const v1::CompareRequest* request,
                                    v1::CompareResponse* response) override;
  grpc::ServerUnaryReactor* Classify(grpc::CallbackServerContext* context,
                                     const v1::ClassifyRequest* request,
                                     v1::ClassifyResponse* response) override;

 private:
  CallRunner& runner_;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_SEARCH_SERVICE_H_
