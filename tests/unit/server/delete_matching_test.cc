// DeleteMatchingItems, over gRPC, with a fake network.
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/reasons.h"
#include "server/server.h"
#include "tests/fakes/fake_embedder.h"
#include "tests/support/api_client.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

using testing::ApiClient;
using testing::BlamesField;
using testing::FakeEmbedder;
using testing::HasReason;

class DeleteMatchingItemsTest : public ::testing::Test {
 protected:
  // Thirty items, ten of each brand.
  void SetUp() override {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    auto server = Server::Start(options, [this]() -> absl::StatusOr<Backend> {
      auto collections = CollectionSet::Open(folder_.path(), true);
      if (!collections.ok()) return collections.status();
      return Backend{*std::move(collections), std::make_unique<FakeEmbedder>()};
    });
    ASSERT_OK(server);
    server_ = *std::move(server);
    ASSERT_OK(server_->WaitUntilReady());
    client_ = std::make_unique<ApiClient>(server_->port());
    v1::CreateCollectionRequest create = testing::CreateRequest("own");
    create.add_vector_spaces()->set_space(v1::SPACE_SIMILAR);
    create.mutable_vector_spaces(0)->set_dimensions(2);
    ASSERT_OK(client_->Call(create));
    v1::UpsertItemsRequest puts;
    puts.set_collection("own");
    for (int i = 0; i < 30; ++i) {
      v1::UpsertItemRequest& put = *puts.add_requests();
      put.mutable_item()->set_id(absl::StrCat("item ", i));
      (*put.mutable_item()->mutable_metadata())["brand"].set_string_value(
          absl::StrCat("brand ", i % 3));
      v1::Vector& vector = *put.mutable_vectors()->add_vectors();
      vector.set_space(v1::SPACE_SIMILAR);
      vector.add_values(1);
      vector.add_values(static_cast<float>(i));
    }
    ASSERT_OK(client_->Call(puts));
  }

  int64_t Count() {
    v1::GetCollectionRequest get;
    get.set_name("own");
    const auto answer = client_->Call(get);
    EXPECT_OK(answer);
    return answer.ok() ? answer->collection().item_count() : -1;
  }

  testing::TempDir folder_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<ApiClient> client_;
};

TEST_F(DeleteMatchingItemsTest, CountsFirstThenDeletesJustThat) {
  v1::DeleteMatchingItemsRequest request;
  request.set_collection("own");
  request.set_filter("brand = \"brand 1\"");
  request.set_dry_run(true);
  ASSERT_OK_AND_ASSIGN(auto answer, client_->Call(request));
  EXPECT_EQ(answer.matched_count(), 10);
  EXPECT_EQ(answer.deleted_count(), 0);
  EXPECT_EQ(answer.op_id(), 30U);
  EXPECT_EQ(Count(), 30);
  request.set_dry_run(false);
  ASSERT_OK_AND_ASSIGN(answer, client_->Call(request));
  EXPECT_EQ(answer.matched_count(), 10);
  EXPECT_EQ(answer.deleted_count(), 10);
  EXPECT_EQ(answer.changed_count(), 0);
  EXPECT_EQ(answer.last_op_id(), 40U);
  EXPECT_EQ(Count(), 20);
}

TEST_F(DeleteMatchingItemsTest, EmptiesACollectionOnlyWhenAskedTo) {
  v1::DeleteMatchingItemsRequest request;
  request.set_collection("own");
  EXPECT_THAT(client_->Call(request), BlamesField("filter"));
  request.set_filter("brand = ");
  EXPECT_THAT(client_->Call(request), BlamesField("filter"));
  request.set_filter("brand:*");
  request.set_all_items(true);
  EXPECT_THAT(client_->Call(request), BlamesField("all_items"));
  EXPECT_EQ(Count(), 30);
  request.clear_filter();
  ASSERT_OK_AND_ASSIGN(const auto answer, client_->Call(request));
  EXPECT_EQ(answer.deleted_count(), 30);
  EXPECT_EQ(Count(), 0);
  request.set_collection("other");
  EXPECT_THAT(client_->Call(request), HasReason(kReasonCollectionNotFound));
}

}  // namespace
}  // namespace likeness
