// How collections are made, changed and shown, over gRPC, with a fake network.
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
using testing::HasCode;
using testing::HasReason;

class CollectionServiceTest : public ::testing::Test {
 protected:
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
  }

  v1::Collection Get(const std::string& name) {
    v1::GetCollectionRequest get;
    get.set_name(name);
    const auto answer = client_->Call(get);
    EXPECT_OK(answer);
    return answer.ok() ? answer->collection() : v1::Collection();
  }

  testing::TempDir folder_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<ApiClient> client_;
};

TEST_F(CollectionServiceTest, IndexOptionsAreShownAsChosenAndAsTheyHold) {
  v1::CreateCollectionRequest create = testing::CreateRequest("own");
  create.mutable_index()->set_code(v1::VECTOR_CODE_INT8);
  create.mutable_index()->set_recall_target(0.95F);
  create.mutable_index()->set_kind(v1::INDEX_KIND_IVF);
  create.mutable_index()->set_lists(64);
  ASSERT_OK(client_->Call(create));
  const v1::Collection made = Get("own");
  EXPECT_EQ(made.index().code(), v1::VECTOR_CODE_INT8);
  EXPECT_EQ(made.index().m(), 0);
  EXPECT_EQ(made.index_in_effect().code(), v1::VECTOR_CODE_INT8);
  EXPECT_EQ(made.index_in_effect().m(), 32);
  EXPECT_EQ(made.index_in_effect().ef_construction(), 100);
  EXPECT_EQ(made.index_in_effect().min_graph_rows(), 4096);
  EXPECT_EQ(made.index_in_effect().recall_target(), 0.95F);
  EXPECT_EQ(made.index().kind(), v1::INDEX_KIND_IVF);
  EXPECT_EQ(made.index_in_effect().kind(), v1::INDEX_KIND_IVF);
  EXPECT_EQ(made.index_in_effect().lists(), 64);
  EXPECT_EQ(made.index_stats().segments(), 1);
  // What is left to the size of each segment.
  ASSERT_OK(client_->Call(testing::CreateRequest("other")));
  EXPECT_EQ(Get("other").index_in_effect().kind(), v1::INDEX_KIND_UNSPECIFIED);
}

TEST_F(CollectionServiceTest, EveryCodeCanBeChosen) {
  ASSERT_OK(client_->Call(testing::CreateRequest("own")));
  for (const v1::VectorCode code :
       {v1::VECTOR_CODE_FLOAT32, v1::VECTOR_CODE_BFLOAT16, v1::VECTOR_CODE_INT8,
        v1::VECTOR_CODE_FLOAT16}) {
    v1::UpdateCollectionRequest update;
    update.set_name("own");
    update.mutable_index()->set_code(code);
    ASSERT_OK(client_->Call(update));
    EXPECT_EQ(Get("own").index().code(), code);
    EXPECT_EQ(Get("own").index_in_effect().code(), code);
  }
}

TEST_F(CollectionServiceTest, AnUpdateChangesWhatItNamesAndNothingElse) {
  ASSERT_OK(client_->Call(testing::CreateRequest("own")));
  v1::UpdateCollectionRequest update;
  update.set_name("own");
  update.mutable_index()->set_m(16);
  update.mutable_index()->set_code(v1::VECTOR_CODE_BFLOAT16);
  ASSERT_OK_AND_ASSIGN(auto answer, client_->Call(update));
  EXPECT_EQ(answer.collection().index().m(), 16);

  // Without a mask, what is not given stays.
  update.clear_index();
  update.mutable_index()->set_ef_construction(50);
  ASSERT_OK_AND_ASSIGN(answer, client_->Call(update));
  EXPECT_EQ(answer.collection().index().m(), 16);
  EXPECT_EQ(answer.collection().index().ef_construction(), 50);

  // With one, what is named and not given goes back to the rule.
  update.clear_index();
  update.mutable_update_mask()->add_paths("index.m");
  ASSERT_OK_AND_ASSIGN(answer, client_->Call(update));
  EXPECT_EQ(answer.collection().index().m(), 0);
  EXPECT_EQ(answer.collection().index_in_effect().m(), 32);
  EXPECT_EQ(answer.collection().index().code(), v1::VECTOR_CODE_BFLOAT16);

  update.mutable_update_mask()->set_paths(0, "index");
  ASSERT_OK(client_->Call(update));
  EXPECT_EQ(Get("own").index().ByteSizeLong(), 0U);
}

TEST_F(CollectionServiceTest, AnUpdateThatCannotBeNamesTheField) {
  ASSERT_OK(client_->Call(testing::CreateRequest("own")));
  v1::UpdateCollectionRequest update;
  update.set_name("own");
  EXPECT_THAT(client_->Call(update), BlamesField("index"));
  update.mutable_update_mask()->add_paths("keep_thumbnails");
  EXPECT_THAT(client_->Call(update), BlamesField("update_mask"));
  update.clear_update_mask();
  update.mutable_index()->set_m(500);
  EXPECT_THAT(client_->Call(update), BlamesField("index.m"));
  update.mutable_index()->set_m(0);
  update.mutable_index()->set_min_graph_rows(-1);
  EXPECT_THAT(client_->Call(update), BlamesField("index.min_graph_rows"));
  update.mutable_index()->set_min_graph_rows(5);
  update.mutable_index()->set_lists(-1);
  EXPECT_THAT(client_->Call(update), BlamesField("index.lists"));
  update.mutable_index()->set_lists(0);
  update.mutable_index()->set_kind(static_cast<v1::IndexKind>(9));
  EXPECT_THAT(client_->Call(update), BlamesField("index.kind"));
  update.mutable_index()->set_kind(v1::INDEX_KIND_FLAT);
  update.set_name("other");
  const auto missing = client_->Call(update);
  EXPECT_THAT(missing, HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(missing, HasReason(kReasonCollectionNotFound));
  v1::CreateCollectionRequest create = testing::CreateRequest("more");
  create.mutable_index()->set_recall_target(2);
  EXPECT_THAT(client_->Call(create), BlamesField("index.recall_target"));
}

TEST_F(CollectionServiceTest, ACompactionIsStartedAndSeenToItsEnd) {
  v1::CreateCollectionRequest create = testing::CreateRequest("own");
  ASSERT_OK(client_->Call(create));
  EXPECT_FALSE(Get("own").has_compaction());
  v1::CompactCollectionRequest compact;
  compact.set_name("own");
  ASSERT_OK_AND_ASSIGN(const auto begun, client_->Call(compact));
  EXPECT_TRUE(begun.compaction().has_start_time());
  v1::Compaction compaction = begun.compaction();
  while (!compaction.has_end_time()) compaction = Get("own").compaction();
  EXPECT_EQ(compaction.state(), v1::COMPACTION_STATE_DONE);
  EXPECT_EQ(compaction.progress(), 1);
  EXPECT_TRUE(compaction.has_after());
  compact.set_name("other");
  EXPECT_THAT(client_->Call(compact), HasReason(kReasonCollectionNotFound));
}

}  // namespace
}  // namespace likeness
