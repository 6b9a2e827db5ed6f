#include "tools/remote_sink.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "server/reasons.h"
#include "server/rpc_status.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::Fails;
using testing::HasReason;

// Fails a number of upserts with one error before it takes them.
class FailingItemService final : public v1::ItemService::Service {
 public:
  void FailNext(int calls, absl::Status error) {
    error_ = std::move(error);
    failures_ = calls;
  }
  int calls() const { return calls_; }

  grpc::Status UpsertItem(grpc::ServerContext* context,
                          const v1::UpsertItemRequest* /*request*/,
                          v1::UpsertItemResponse* /*response*/) override {
    ++calls_;
    if (failures_-- <= 0) return grpc::Status::OK;
    // gRPC itself shall not try again: that would only take time here.
    context->AddTrailingMetadata("grpc-retry-pushback-ms", "-1");
    return ToGrpcStatus(error_);
  }

 private:
  absl::Status error_;
  std::atomic<int> failures_ = 0;
  std::atomic<int> calls_ = 0;
};

class RemoteSinkTest : public ::testing::Test {
 protected:
  RemoteSinkTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    client_ = std::make_unique<RemoteClient>(absl::StrCat("127.0.0.1:", port));
  }

  absl::Status Put(const std::string& path) {
    RemoteSink sink(*client_, "pictures", "model");
    absl::Status result = absl::UnknownError("not called");
    sink.Put({.path = path, .id = "id", .bytes = "bytes"},
             [&result](const absl::Status& status) { result = status; });
    return result;
  }

  FailingItemService service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<RemoteClient> client_;
};

TEST_F(RemoteSinkTest, AnOverloadedServerIsAskedAgain) {
  service_.FailNext(
      3, WithReason(absl::UnavailableError("too many"), kReasonOverloaded));
  EXPECT_OK(Put("a.jpg"));
  EXPECT_EQ(service_.calls(), 4);
}

TEST_F(RemoteSinkTest, AnyOtherRefusalIsFinal) {
  service_.FailNext(
      1, WithReason(absl::UnavailableError("stopping"), kReasonShuttingDown));
  EXPECT_THAT(Put("a.jpg"), HasReason(kReasonShuttingDown));
  EXPECT_EQ(service_.calls(), 1);
}

TEST_F(RemoteSinkTest, APathThatIsNotUtf8IsRejectedAndNotSent) {
  const absl::Status status = Put("caf\xe9.jpg");
  EXPECT_THAT(status, testing::BlamesField("source"));
  EXPECT_EQ(FateOf(status), Fate::kRejected);
  EXPECT_EQ(service_.calls(), 0);
}

TEST_F(RemoteSinkTest, ABadPicturesVerdictStandsWithoutTheFieldOfTheRequest) {
  service_.FailNext(
      1, WithField(WithReason(absl::InvalidArgumentError("picture: is empty"),
                              kReasonEmptyPicture),
                   "picture"));
  const absl::Status status = Put("a.jpg");
  EXPECT_EQ(status.message(), "is empty");
  EXPECT_THAT(status, HasReason(kReasonEmptyPicture));
  EXPECT_EQ(FateOf(status), Fate::kRejected);
}

TEST(RemoteClientTest, NoServerIsNoAnswer) {
  const RemoteClient client("127.0.0.1:1");
  const auto collections = client.ListCollections();
  EXPECT_THAT(collections,
              Fails(absl::StatusCode::kUnavailable, "127.0.0.1:1"));
  EXPECT_THAT(collections, HasReason("NO_ANSWER"));
}

}  // namespace
}  // namespace likeness
