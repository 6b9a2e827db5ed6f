// The write methods of ItemService, over gRPC, with a fake network.
#include <memory>
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
#include "tests/support/test_files.h"
#include "tests/support/test_pictures.h"

namespace likeness {
namespace {

using testing::ApiClient;
using testing::BlamesField;
using testing::FakeEmbedder;
using testing::HasCode;
using testing::HasReason;
using testing::PatchworkJpeg;
using testing::UpsertRequest;

class ItemWritesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Start();
    ASSERT_OK(client_->Call(testing::CreateRequest("pictures")));
    v1::CreateCollectionRequest create = testing::CreateRequest("vectors");
    create.add_vector_spaces()->set_space(v1::SPACE_SIMILAR);
    create.mutable_vector_spaces(0)->set_dimensions(2);
    ASSERT_OK(client_->Call(create));
  }

  void Start() {
    client_.reset();
    server_.reset();
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
  }

  static v1::UpsertItemRequest VectorPut(const std::string& id, float x,
                                         float y) {
    v1::UpsertItemRequest put;
    put.set_collection("vectors");
    put.mutable_item()->set_id(id);
    v1::Vector& vector = *put.mutable_vectors()->add_vectors();
    vector.set_space(v1::SPACE_SIMILAR);
    vector.add_values(x);
    vector.add_values(y);
    return put;
  }

  static v1::UpdateItemMetadataRequest Update(const std::string& collection,
                                              const std::string& id) {
    v1::UpdateItemMetadataRequest update;
    update.set_collection(collection);
    update.set_id(id);
    return update;
  }

  v1::Item Get(const std::string& collection, const std::string& id) {
    v1::GetItemRequest get;
    get.set_collection(collection);
    get.set_id(id);
    get.set_with_thumbnail(true);
    const auto answer = client_->Call(get);
    EXPECT_OK(answer);
    return answer.ok() ? answer->item() : v1::Item();
  }

  testing::TempDir folder_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<ApiClient> client_;
};

TEST_F(ItemWritesTest, ConditionsAreToldByCodeReasonAndField) {
  v1::UpsertItemRequest put = VectorPut("a", 1, 0);
  put.set_if_absent(true);
  ASSERT_OK_AND_ASSIGN(auto answer, client_->Call(put));
  EXPECT_EQ(answer.op_id(), 1U);
  EXPECT_EQ(answer.outcome(), v1::WRITE_OUTCOME_CREATED);
  const auto there = client_->Call(put);
  EXPECT_THAT(there, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(there, HasReason(kReasonItemExists));
  EXPECT_THAT(there, BlamesField("item.id"));

  put.set_if_changed(true);
  ASSERT_OK_AND_ASSIGN(answer, client_->Call(put));
  EXPECT_EQ(answer.outcome(), v1::WRITE_OUTCOME_UNCHANGED);
  EXPECT_EQ(answer.op_id(), 1U);

  put.set_if_op_id(7);
  const auto stale = client_->Call(put);
  EXPECT_THAT(stale, HasCode(absl::StatusCode::kAborted));
  EXPECT_THAT(stale, HasReason(kReasonVersionMismatch));
  EXPECT_THAT(stale, BlamesField("if_op_id"));
  put.set_if_op_id(0);
  EXPECT_THAT(client_->Call(put), BlamesField("if_op_id"));
  put.set_if_op_id(1);
  ASSERT_OK_AND_ASSIGN(answer, client_->Call(put));
  EXPECT_EQ(answer.outcome(), v1::WRITE_OUTCOME_REPLACED);
}

TEST_F(ItemWritesTest, APictureThatIsThereIsNotWrittenAgain) {
  v1::UpsertItemRequest put = UpsertRequest("pictures", "a", PatchworkJpeg(1));
  put.set_if_changed(true);
  ASSERT_OK(client_->Call(put));
  ASSERT_OK_AND_ASSIGN(auto answer, client_->Call(put));
  EXPECT_EQ(answer.outcome(), v1::WRITE_OUTCOME_UNCHANGED);
  (*put.mutable_item()->mutable_metadata())["x"].set_int_value(1);
  ASSERT_OK_AND_ASSIGN(answer, client_->Call(put));
  EXPECT_EQ(answer.outcome(), v1::WRITE_OUTCOME_REPLACED);
  put.set_picture(PatchworkJpeg(2));
  ASSERT_OK_AND_ASSIGN(answer, client_->Call(put));
  EXPECT_EQ(answer.outcome(), v1::WRITE_OUTCOME_REPLACED);
}

TEST_F(ItemWritesTest, ARequestIdOutlivesTheServer) {
  v1::UpsertItemRequest put = UpsertRequest("pictures", "a", PatchworkJpeg(1));
  put.set_request_id("one");
  put.mutable_ttl()->set_seconds(1000);
  ASSERT_OK_AND_ASSIGN(const auto first, client_->Call(put));
  v1::DeleteItemRequest drop;
  drop.set_collection("pictures");
  drop.set_id("a");
  drop.set_request_id("two");
  ASSERT_OK_AND_ASSIGN(const auto dropped, client_->Call(drop));
  Start();
  ASSERT_OK_AND_ASSIGN(const auto again, client_->Call(put));
  EXPECT_EQ(again.op_id(), first.op_id());
  EXPECT_EQ(again.outcome(), v1::WRITE_OUTCOME_CREATED);
  ASSERT_OK_AND_ASSIGN(const auto dropped_again, client_->Call(drop));
  EXPECT_EQ(dropped_again.op_id(), dropped.op_id());
  put.set_picture(PatchworkJpeg(2));
  const auto other = client_->Call(put);
  EXPECT_THAT(other, HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(other, HasReason(kReasonRequestIdReused));
  EXPECT_THAT(other, BlamesField("request_id"));
}

TEST_F(ItemWritesTest, ABatchAnswersForEachItem) {
  v1::UpsertItemsRequest batch;
  batch.set_collection("vectors");
  *batch.add_requests() = VectorPut("a", 1, 0);
  *batch.add_requests() = VectorPut("b", 0, 0);
  *batch.add_requests() = VectorPut("a", 0, 1);
  batch.mutable_requests(2)->set_if_absent(true);
  *batch.add_requests() = UpsertRequest("", "c", PatchworkJpeg(1));
  *batch.add_requests() = VectorPut("d", 1, 1);
  batch.mutable_requests(4)->clear_collection();
  *batch.add_requests() = UpsertRequest("pictures", "e", PatchworkJpeg(1));
  ASSERT_OK_AND_ASSIGN(const auto answer, client_->Call(batch));
  ASSERT_EQ(answer.results_size(), 6);
  EXPECT_EQ(answer.results(0).done().op_id(), 1U);
  EXPECT_EQ(answer.results(1).error().field(), "vectors.vectors[0].values");
  const v1::ItemError& there = answer.results(2).error();
  EXPECT_EQ(there.code(), static_cast<int>(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(there.reason(), kReasonItemExists);
  EXPECT_EQ(there.field(), "item.id");
  EXPECT_EQ(answer.results(3).error().reason(), kReasonModelMismatch);
  EXPECT_EQ(answer.results(4).done().op_id(), 2U);
  EXPECT_EQ(answer.results(4).done().outcome(), v1::WRITE_OUTCOME_CREATED);
  EXPECT_EQ(answer.results(5).error().field(), "collection");
}

TEST_F(ItemWritesTest, BatchesHaveLimits) {
  v1::UpsertItemsRequest batch;
  batch.set_collection("vectors");
  EXPECT_THAT(client_->Call(batch), BlamesField("requests"));
  for (int i = 0; i < 1001; ++i) *batch.add_requests() = VectorPut("a", 1, 0);
  EXPECT_THAT(client_->Call(batch), BlamesField("requests"));
  v1::GetItemsRequest get;
  get.set_collection("vectors");
  EXPECT_THAT(client_->Call(get), BlamesField("ids"));
  v1::DeleteItemsRequest drop;
  drop.set_collection("vectors");
  EXPECT_THAT(client_->Call(drop), BlamesField("ids"));
  drop.add_ids("a");
  drop.add_ids("");
  EXPECT_THAT(client_->Call(drop), BlamesField("ids[1]"));
}

TEST_F(ItemWritesTest, MetadataChangesWithoutThePicture) {
  v1::UpsertItemRequest put = UpsertRequest("pictures", "a", PatchworkJpeg(1));
  (*put.mutable_item()->mutable_metadata())["colour"].set_string_value("red");
  (*put.mutable_item()->mutable_metadata())["size"].set_int_value(3);
  ASSERT_OK(client_->Call(put));
  const v1::Item before = Get("pictures", "a");
  v1::UpdateItemMetadataRequest update = Update("pictures", "a");
  (*update.mutable_set())["colour"].set_string_value("blue");
  update.add_remove("size");
  update.set_if_op_id(1);
  ASSERT_OK_AND_ASSIGN(const auto answer, client_->Call(update));
  EXPECT_EQ(answer.op_id(), 2U);
  EXPECT_EQ(answer.outcome(), v1::WRITE_OUTCOME_REPLACED);
  const v1::Item after = Get("pictures", "a");
  ASSERT_EQ(after.metadata_size(), 1);
  EXPECT_EQ(after.metadata().at("colour").string_value(), "blue");
  EXPECT_EQ(after.thumbnail(), before.thumbnail());
  EXPECT_EQ(after.picture().sha256(), before.picture().sha256());
  EXPECT_EQ(after.create_time().nanos(), before.create_time().nanos());
  EXPECT_THAT(client_->Call(update), HasReason(kReasonVersionMismatch));

  v1::SearchRequest search;
  search.set_collection("pictures");
  search.set_item_id("a");
  EXPECT_OK(client_->Call(search));
  search = testing::PictureSearch("pictures", PatchworkJpeg(1));
  ASSERT_OK_AND_ASSIGN(const auto found, client_->Call(search));
  ASSERT_EQ(found.hits_size(), 1);
  EXPECT_EQ(found.hits(0).item().op_id(), 2U);
}

TEST_F(ItemWritesTest, BadUpdatesNameTheirField) {
  v1::UpdateItemMetadataRequest update = Update("vectors", "none");
  EXPECT_THAT(client_->Call(update), BlamesField("set"));
  (*update.mutable_set())["x"];
  EXPECT_THAT(client_->Call(update), BlamesField("set.x"));
  (*update.mutable_set())["x"].set_bool_value(true);
  const auto missing = client_->Call(update);
  EXPECT_THAT(missing, HasReason(kReasonItemNotFound));
  EXPECT_THAT(missing, BlamesField("id"));
  update.mutable_ttl()->set_seconds(-1);
  EXPECT_THAT(client_->Call(update), BlamesField("ttl"));
  update.mutable_ttl()->set_nanos(1);
  EXPECT_THAT(client_->Call(update), BlamesField("ttl"));
  update.mutable_expire_time()->set_seconds(-1);
  EXPECT_THAT(client_->Call(update), BlamesField("expire_time"));
  v1::UpsertItemRequest put = VectorPut("a", 1, 0);
  put.mutable_item()->mutable_expire_time()->set_seconds(-1);
  EXPECT_THAT(client_->Call(put), BlamesField("item.expire_time"));
}

TEST_F(ItemWritesTest, ExpiryIsSetMovedAndLifted) {
  v1::UpsertItemRequest put = VectorPut("a", 1, 0);
  put.mutable_ttl()->set_seconds(1000);
  ASSERT_OK(client_->Call(put));
  v1::Item item = Get("vectors", "a");
  EXPECT_EQ(item.expire_time().seconds(), item.update_time().seconds() + 1000);
  v1::UpdateItemMetadataRequest update = Update("vectors", "a");
  update.mutable_expire_time()->set_seconds(32'503'680'000);
  ASSERT_OK(client_->Call(update));
  EXPECT_EQ(Get("vectors", "a").expire_time().seconds(), 32'503'680'000);
  update.set_never_expires(true);
  ASSERT_OK(client_->Call(update));
  EXPECT_FALSE(Get("vectors", "a").has_expire_time());
}

TEST_F(ItemWritesTest, ItemsAreReadAndDeletedByLists) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_OK(client_->Call(VectorPut(id, 1, 0)));
  }
  v1::DeleteItemsRequest drop;
  drop.set_collection("vectors");
  for (const char* id : {"b", "none", "a", "b"}) drop.add_ids(id);
  ASSERT_OK_AND_ASSIGN(const auto dropped, client_->Call(drop));
  EXPECT_THAT(dropped.op_ids(), ::testing::ElementsAre(4, 0, 5, 0));
  v1::GetItemsRequest get;
  get.set_collection("vectors");
  for (const char* id : {"b", "c"}) get.add_ids(id);
  ASSERT_OK_AND_ASSIGN(const auto got, client_->Call(get));
  ASSERT_EQ(got.items_size(), 1);
  EXPECT_EQ(got.items(0).id(), "c");
  EXPECT_THAT(got.missing_ids(), ::testing::ElementsAre("b"));

  v1::DeleteItemRequest one;
  one.set_collection("vectors");
  one.set_id("b");
  EXPECT_THAT(client_->Call(one), HasReason(kReasonItemNotFound));
  one.set_allow_missing(true);
  ASSERT_OK_AND_ASSIGN(const auto absent, client_->Call(one));
  EXPECT_EQ(absent.op_id(), 0U);
  one.set_id("c");
  one.set_if_op_id(1);
  EXPECT_THAT(client_->Call(one), HasReason(kReasonVersionMismatch));
}

}  // namespace
}  // namespace likeness
