#include "server/server.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "server/reasons.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/api_client.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using testing::ApiClient;
using testing::BlamesField;
using testing::CreateRequest;
using testing::Fails;
using testing::FakeEmbedder;
using testing::HasCode;
using testing::HasReason;
using testing::PatchworkJpeg;
using testing::PictureSearch;
using testing::TempDir;
using testing::UpsertRequest;

constexpr auto kServing = grpc::health::v1::HealthCheckResponse::SERVING;
constexpr auto kNotServing = grpc::health::v1::HealthCheckResponse::NOT_SERVING;

// An embedder that holds every call until it is released.
class GatedEmbedder final : public FakeEmbedder {
 public:
  struct Gate {
    std::atomic<int> calls = 0;
    absl::Notification entered;
    absl::Notification open;
  };
  explicit GatedEmbedder(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}

  absl::StatusOr<std::vector<Embedding>> Embed(
      absl::Span<const NetworkInput> batch) const override {
    if (++gate_->calls == 1) gate_->entered.Notify();
    gate_->open.WaitForNotification();
    return FakeEmbedder::Embed(batch);
  }

 private:
  const std::shared_ptr<Gate> gate_;
};

class ServerTest : public ::testing::Test {
 protected:
  static ServerOptions OnFreePort() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    return options;
  }

  BackendLoader Loader(
      std::unique_ptr<Embedder> embedder = std::make_unique<FakeEmbedder>()) {
    // std::function copies; the loader runs once.
    auto shared =
        std::make_shared<std::unique_ptr<Embedder>>(std::move(embedder));
    return [this, shared]() -> absl::StatusOr<Backend> {
      auto collections = CollectionSet::Open(folder_.path(), true);
      if (!collections.ok()) return collections.status();
      return Backend{*std::move(collections), std::move(*shared)};
    };
  }

  // A server that is ready.
  std::unique_ptr<Server> Serve(BackendLoader loader,
                                const ServerOptions& options = OnFreePort()) {
    auto server = Server::Start(options, std::move(loader));
    EXPECT_OK(server);
    EXPECT_OK((*server)->WaitUntilReady());
    return *std::move(server);
  }

  TempDir folder_;
};

TEST_F(ServerTest, HealthAnswersAndCallsAreRefusedWhileItLoads) {
  absl::Notification load;
  BackendLoader loader = Loader();
  const absl::Time start = absl::Now();
  auto server = Server::Start(OnFreePort(), [&load, &loader] {
    load.WaitForNotification();
    return loader();
  });
  ASSERT_OK(server);
  const ApiClient client((*server)->port());
  ASSERT_OK_AND_ASSIGN(const auto health, client.Health());
  EXPECT_EQ(health, kNotServing);
  // The promise is 100 ms; a loaded test machine gets more.
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  ASSERT_OK_AND_ASSIGN(const auto of_search,
                       client.Health("likeness.v1.SearchService"));
  EXPECT_EQ(of_search, kNotServing);
  EXPECT_THAT(client.Health("no.such.Service"),
              HasCode(absl::StatusCode::kNotFound));
  const auto refused = client.Call(v1::ListCollectionsRequest());
  EXPECT_THAT(refused, HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(refused, HasReason(kReasonLoading));

  load.Notify();
  EXPECT_TRUE(client.WaitForHealth(kServing));
  EXPECT_OK(client.Call(v1::ListCollectionsRequest()));
}

TEST_F(ServerTest, AFailedLoadEndsTheWait) {
  auto server = Server::Start(OnFreePort(), [] {
    return absl::StatusOr<Backend>(absl::NotFoundError("no model"));
  });
  ASSERT_OK(server);
  EXPECT_THAT((*server)->WaitForStop(),
              Fails(absl::StatusCode::kNotFound, "no model"));
  const ApiClient client((*server)->port());
  ASSERT_OK_AND_ASSIGN(const auto health, client.Health());
  EXPECT_EQ(health, kNotServing);
}

TEST_F(ServerTest, ATakenPortIsRefused) {
  const auto first = Serve(Loader());
  ServerOptions options;
  options.listen = "127.0.0.1:" + std::to_string(first->port());
  EXPECT_THAT(
      Server::Start(options, Loader()),
      Fails(absl::StatusCode::kUnavailable, "another program has the port"));
}

TEST_F(ServerTest, OptionsOutOfRangeAreNamed) {
  ServerOptions options = OnFreePort();
  options.handler_threads = 0;
  EXPECT_THAT(options.Validate(), BlamesField("handler_threads"));
  options = OnFreePort();
  options.limits.max_bytes = uint64_t{2} << 30;
  EXPECT_THAT(options.Validate(), BlamesField("max_bytes"));
  options = OnFreePort();
  options.listen.clear();
  EXPECT_THAT(Server::Start(options, Loader()), BlamesField("listen"));
}

TEST_F(ServerTest, APictureGoesInAndIsFoundAgain) {
  const auto server = Serve(Loader());
  const ApiClient client(server->port());
  ASSERT_OK(client.Call(CreateRequest("shop")));
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK(client.Call(
        UpsertRequest("shop", "item" + std::to_string(i), PatchworkJpeg(i))));
  }
  ASSERT_OK_AND_ASSIGN(
      const v1::SearchResponse found,
      client.Call(PictureSearch("shop", PatchworkJpeg(3, 128, 50), 2)));
  ASSERT_EQ(found.hits_size(), 2);
  EXPECT_EQ(found.hits(0).item().id(), "item3");
  EXPECT_GT(found.hits(0).similarity(), .99F);
  EXPECT_TRUE(found.exact());
  EXPECT_EQ(found.op_id(), 5U);
  EXPECT_EQ(found.model_id(), FakeEmbedder().model().id);
}

TEST_F(ServerTest, ACollectionOfAnotherModelRefusesPictures) {
  {
    const auto server =
        Serve(Loader(std::make_unique<FakeEmbedder>(std::string(64, 'a'))));
    ASSERT_OK(ApiClient(server->port()).Call(CreateRequest("old")));
  }
  const auto server =
      Serve(Loader(std::make_unique<FakeEmbedder>(std::string(64, 'b'))));
  const ApiClient client(server->port());
  for (const absl::Status& status :
       {client.Call(UpsertRequest("old", "x", PatchworkJpeg(1))).status(),
        client.Call(PictureSearch("old", PatchworkJpeg(1))).status()}) {
    EXPECT_THAT(status, Fails(absl::StatusCode::kFailedPrecondition,
                              std::string(64, 'a')));
    EXPECT_THAT(status, Fails(absl::StatusCode::kFailedPrecondition,
                              std::string(64, 'b')));
    EXPECT_THAT(status, HasReason(kReasonModelMismatch));
    EXPECT_THAT(status, BlamesField("picture"));
  }
}

TEST_F(ServerTest, TooManyWaitingCallsAreRefusedAndHealthStillAnswers) {
  auto gate = std::make_shared<GatedEmbedder::Gate>();
  ServerOptions options = OnFreePort();
  options.handler_threads = 1;
  options.max_pending_calls = 1;
  const auto server =
      Serve(Loader(std::make_unique<GatedEmbedder>(gate)), options);
  const ApiClient client(server->port());
  v1::CompareRequest compare;
  compare.set_picture_a(PatchworkJpeg(1));
  compare.set_picture_b(PatchworkJpeg(2));
  std::thread running([&] { EXPECT_OK(client.Call(compare)); });
  gate->entered.WaitForNotification();
  // Of three more, one may wait and two find the queue full.
  std::atomic<int> answered = 0;
  std::atomic<int> refused = 0;
  absl::Notification two_refused;
  std::vector<std::thread> more;
  for (int i = 0; i < 3; ++i) {
    more.emplace_back([&] {
      const auto result = client.Call(v1::ListCollectionsRequest());
      if (result.ok()) {
        ++answered;
        return;
      }
      EXPECT_THAT(result, HasReason(kReasonOverloaded));
      if (++refused == 2) two_refused.Notify();
    });
  }
  two_refused.WaitForNotification();
  ASSERT_OK_AND_ASSIGN(const auto health, client.Health());
  EXPECT_EQ(health, kServing);
  gate->open.Notify();
  running.join();
  for (std::thread& thread : more) thread.join();
  EXPECT_EQ(answered, 1);
}

TEST_F(ServerTest, ACallWhoseCallerLeftWhileItWaitedDoesNoWork) {
  auto gate = std::make_shared<GatedEmbedder::Gate>();
  ServerOptions options = OnFreePort();
  options.handler_threads = 1;
  auto server = Serve(Loader(std::make_unique<GatedEmbedder>(gate)), options);
  const ApiClient client(server->port());
  ASSERT_OK(client.Call(CreateRequest("shop")));
  std::thread running([&] {
    EXPECT_OK(client.Call(UpsertRequest("shop", "first", PatchworkJpeg(1))));
  });
  gate->entered.WaitForNotification();
  // Waits behind the first until its deadline has passed.
  const auto items = v1::ItemService::NewStub(client.channel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::milliseconds(50));
  v1::UpsertItemResponse response;
  EXPECT_EQ(items
                ->UpsertItem(&context,
                             UpsertRequest("shop", "late", PatchworkJpeg(2)),
                             &response)
                .error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  gate->open.Notify();
  running.join();
  // The one thread has been past the late call when it answers this one.
  ASSERT_OK_AND_ASSIGN(const v1::SearchResponse found,
                       client.Call(PictureSearch("shop", PatchworkJpeg(2))));
  ASSERT_EQ(found.hits_size(), 1);
  EXPECT_EQ(found.hits(0).item().id(), "first");
  EXPECT_EQ(gate->calls, 2);
}

TEST_F(ServerTest, AStopLetsRunningCallsEndAndTellsWatchersFirst) {
  auto gate = std::make_shared<GatedEmbedder::Gate>();
  const auto server = Serve(Loader(std::make_unique<GatedEmbedder>(gate)));
  const ApiClient client(server->port());
  ASSERT_OK(client.Call(CreateRequest("shop")));
  const auto health = grpc::health::v1::Health::NewStub(client.channel());
  grpc::ClientContext context;
  const auto watch = health->Watch(&context, {});
  grpc::health::v1::HealthCheckResponse state;
  ASSERT_TRUE(watch->Read(&state));
  EXPECT_EQ(state.status(), kServing);

  std::thread running([&] {
    EXPECT_OK(client.Call(UpsertRequest("shop", "x", PatchworkJpeg(1))));
  });
  gate->entered.WaitForNotification();
  std::thread stopping([&] { server->Shutdown(absl::Minutes(1)); });
  // The call still runs; the watcher hears and its stream ends.
  ASSERT_TRUE(watch->Read(&state));
  EXPECT_EQ(state.status(), kNotServing);
  EXPECT_FALSE(watch->Read(&state));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  gate->open.Notify();
  running.join();
  stopping.join();
}

TEST_F(ServerTest, RequestStopEndsTheWait) {
  const auto server = Serve(Loader());
  server->RequestStop();
  EXPECT_OK(server->WaitForStop());
}

}  // namespace
}  // namespace likeness
