// A collection that can't be served any more.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "server/reasons.h"
#include "server/server.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/api_client.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::ApiClient;
using testing::HasCode;
using testing::HasReason;

constexpr auto kServing = grpc::health::v1::HealthCheckResponse::SERVING;
constexpr auto kNotServing = grpc::health::v1::HealthCheckResponse::NOT_SERVING;

// Answers every call with one error.
class BrokenCollection final : public Collection {
 public:
  explicit BrokenCollection(absl::Status error) : error_(std::move(error)) {}

  CollectionSpec spec() const override { return {}; }
  std::vector<WriteResult> Apply(
      std::vector<AtomicWrite> writes,
      const std::function<absl::Status()>& /*still_wanted*/) override {
    return std::vector<WriteResult>(writes.size(), error_);
  }
  absl::StatusOr<uint64_t> SweepExpired(absl::Time /*now*/,
                                        int /*limit*/) override {
    return error_;
  }
  absl::StatusOr<DeleteResult> DeleteMatching(
      const DeleteRequest& /*request*/) override {
    return error_;
  }
  absl::StatusOr<Item> Get(absl::string_view /*id*/,
                           ReadParts /*parts*/) const override {
    return error_;
  }
  absl::StatusOr<ItemWithVectors> GetWithVectors(
      absl::string_view /*id*/, ReadParts /*parts*/) const override {
    return error_;
  }
  absl::StatusOr<std::vector<std::optional<Item>>> GetMany(
      absl::Span<const std::string> /*ids*/,
      ReadParts /*parts*/) const override {
    return error_;
  }
  absl::StatusOr<ItemPage> List(absl::string_view /*start_id*/, int /*limit*/,
                                ReadParts /*parts*/) const override {
    return error_;
  }
  absl::StatusOr<SearchResult> Search(
      const SearchRequest& /*request*/) const override {
    return error_;
  }
  absl::StatusOr<std::vector<float>> SampleVectors(
      Space /*space*/, size_t /*count*/, uint64_t /*seed*/) const override {
    return error_;
  }
  CollectionStats stats() const override { return {}; }
  absl::Status Compact() override { return error_; }
  void StartCompaction() override {}
  uint64_t size() const override { return 0; }
  uint64_t last_op_id() const override { return 0; }

 private:
  const absl::Status error_;
};

// Holds that collection under every name.
class BrokenSet final : public CollectionSet {
 public:
  explicit BrokenSet(const absl::Status& error)
      : collection_(std::make_shared<BrokenCollection>(error)) {}

  absl::StatusOr<std::shared_ptr<Collection>> Create(
      const CollectionSpec& /*spec*/) override {
    return collection_;
  }
  absl::StatusOr<std::shared_ptr<Collection>> Get(
      absl::string_view /*name*/) const override {
    return collection_;
  }
  std::vector<std::shared_ptr<Collection>> List() const override {
    return {collection_};
  }
  absl::Status Drop(absl::string_view /*name*/) override {
    return absl::OkStatus();
  }
  absl::StatusOr<SnapshotManifest> Snapshot(
      const std::string& /*folder*/) override {
    return absl::UnimplementedError("no snapshots");
  }
  absl::Status BeginModelChange(absl::string_view /*name*/,
                                absl::string_view /*model_id*/,
                                const PerSpace<int>& /*dimensions*/) override {
    return absl::OkStatus();
  }
  std::optional<ModelChange> FindModelChange(
      absl::string_view /*name*/) const override {
    return std::nullopt;
  }
  absl::StatusOr<Generations> GetGenerations(
      absl::string_view /*name*/) override {
    return Generations();
  }
  absl::Status SwitchModel(absl::string_view /*name*/) override {
    return absl::OkStatus();
  }
  absl::Status EndModelChange(absl::string_view /*name*/) override {
    return absl::OkStatus();
  }
  absl::StatusOr<IndexOptions> UpdateIndexOptions(
      absl::string_view /*name*/,
      const std::function<void(IndexOptions&)>& /*change*/) override {
    return IndexOptions();
  }

 private:
  const std::shared_ptr<Collection> collection_;
};

std::unique_ptr<Server> ServeBroken(const absl::Status& error) {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  auto server = Server::Start(options, [error]() -> absl::StatusOr<Backend> {
    return Backend{std::make_unique<BrokenSet>(error),
                   std::make_unique<testing::FakeEmbedder>()};
  });
  EXPECT_OK(server);
  EXPECT_OK((*server)->WaitUntilReady());
  return *std::move(server);
}

v1::GetItemRequest GetSomething() {
  v1::GetItemRequest get;
  get.set_collection("any");
  get.set_id("any");
  return get;
}

TEST(OutOfStepServerTest, ACollectionOutOfStepTurnsHealthToNotServing) {
  const auto server = ServeBroken(WithReason(
      absl::FailedPreconditionError("out of step"), kReasonOutOfStep));
  const ApiClient client(server->port());
  ASSERT_TRUE(client.WaitForHealth(kServing));
  const auto item = client.Call(GetSomething());
  EXPECT_THAT(item, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(item, HasReason(kReasonOutOfStep));
  EXPECT_TRUE(client.WaitForHealth(kNotServing));
}

TEST(OutOfStepServerTest, AFailureWithoutAReasonGetsOneAndLeavesHealth) {
  const auto server = ServeBroken(absl::UnknownError("nobody knows"));
  const ApiClient client(server->port());
  const auto item = client.Call(GetSomething());
  EXPECT_THAT(item, HasCode(absl::StatusCode::kUnknown));
  EXPECT_THAT(item, HasReason(kReasonInternal));
  EXPECT_TRUE(client.WaitForHealth(kServing));
}

}  // namespace
}  // namespace likeness
