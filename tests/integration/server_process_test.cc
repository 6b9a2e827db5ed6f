// The server as a process: starts, crashes, stops, and what it tells about it.
#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

using ::testing::HasSubstr;

class ServerProcessTest : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_PROGRAM_AND_MODEL(); }

  std::unique_ptr<ServerProcess> StartReady(
      const std::vector<std::string>& arguments = {}) {
    auto server = ServerProcess::Start(folder_.path(), arguments);
    EXPECT_OK(server);
    if (!server.ok()) return nullptr;
    EXPECT_TRUE(ApiClient((*server)->port()).WaitForHealth(kServing))
        << (*server)->process().error_output();
    return *std::move(server);
  }

  TempDir folder_;
};

TEST_F(ServerProcessTest, AnAcknowledgedItemSurvivesKillMinusNine) {
  const std::string picture = SomePictures(1).front();
  uint64_t op_id = 0;
  {
    const auto server = StartReady();
    ASSERT_NE(server, nullptr);
    const ApiClient client(server->port());
    ASSERT_OK(client.Call(CreateRequest("shop")));
    ASSERT_OK(client.Call(UpsertRequest("shop", "gone", PatchworkJpeg(1))));
    v1::DeleteItemRequest drop;
    drop.set_collection("shop");
    drop.set_id("gone");
    ASSERT_OK(client.Call(drop));
    ASSERT_OK_AND_ASSIGN(const auto put,
                         client.Call(UpsertRequest("shop", "kept", picture)));
    op_id = put.op_id();
    server->process().Send(SIGKILL);
    EXPECT_EQ(server->process().Wait(), 128 + SIGKILL);
  }
  const auto server = StartReady();
  ASSERT_NE(server, nullptr);
  const ApiClient client(server->port());
  v1::SearchRequest search = PictureSearch("shop", picture);
  search.set_min_op_id(op_id);
  ASSERT_OK_AND_ASSIGN(const auto found, client.Call(search));
  ASSERT_EQ(found.hits_size(), 1);
  EXPECT_EQ(found.hits(0).item().id(), "kept");
  EXPECT_NEAR(found.hits(0).similarity(), 1, 1e-4);
  v1::GetItemRequest get;
  get.set_collection("shop");
  get.set_id("kept");
  ASSERT_OK_AND_ASSIGN(const auto kept, client.Call(get));
  EXPECT_EQ(kept.item().op_id(), op_id);
  get.set_id("gone");
  EXPECT_THAT(client.Call(get), HasCode(absl::StatusCode::kNotFound));
}

TEST_F(ServerProcessTest, KilledInTheMiddleOfWritesItKeepsWhatItAcknowledged) {
  std::vector<std::string> acknowledged;
  {
    const auto server = StartReady();
    ASSERT_NE(server, nullptr);
    const ApiClient client(server->port());
    v1::CreateCollectionRequest create = CreateRequest("vectors");
    v1::SpaceConfig& space = *create.add_vector_spaces();
    space.set_space(v1::SPACE_SIMILAR);
    space.set_dimensions(2);
    ASSERT_OK(client.Call(create));
    std::thread killer;
    for (int i = 0; true; ++i) {
      const std::string id = std::to_string(i);
      if (!client.Call(VectorUpsert("vectors", id, 1, 0)).ok()) break;
      acknowledged.push_back(id);
      if (i == 100) {
        killer = std::thread([&] { server->process().Send(SIGKILL); });
      }
    }
    killer.join();
  }
  ASSERT_GT(acknowledged.size(), 100U);
  const auto server = StartReady();
  ASSERT_NE(server, nullptr);
  const ApiClient client(server->port());
  for (const std::string& id : acknowledged) {
    v1::GetItemRequest get;
    get.set_collection("vectors");
    get.set_id(id);
    EXPECT_OK(client.Call(get)) << id;
  }
}

TEST_F(ServerProcessTest, ASecondServerOnTheFolderIsRefusedWithThePid) {
  const auto first = StartReady();
  ASSERT_NE(first, nullptr);
  const std::string port_file = folder_.File("port");
  std::ofstream(port_file) << "the first's";
  ChildProcess second({ProgramPath(), "serve", "--data", folder_.path(),
                       "--model", TestModelDir(), "--listen", "127.0.0.1:0",
                       "--port-file", port_file});
  EXPECT_EQ(second.Wait(), 5);
  EXPECT_THAT(second.error_output(),
              HasSubstr(absl::StrCat(first->process().pid())));
  EXPECT_EQ(ReadFileOrFail(port_file), "the first's");
  EXPECT_OK(ApiClient(first->port()).Call(v1::ListCollectionsRequest()));
}

TEST_F(ServerProcessTest, ThePortFileIsThereOnceItIsReady) {
  const TempDir other;
  const auto server = StartReady({"--port-file", other.File("port")});
  ASSERT_NE(server, nullptr);
  server->process().Send(SIGTERM);
  EXPECT_EQ(server->process().Wait(), 0);
  EXPECT_EQ(ReadFileOrFail(other.File("port")),
            absl::StrCat(server->port(), "\n"));
}

TEST_F(ServerProcessTest, ATakenPortIsExplainedInOneLine) {
  const auto first = StartReady();
  ASSERT_NE(first, nullptr);
  const TempDir other;
  ChildProcess second({ProgramPath(), "serve", "--data", other.path(),
                       "--model", TestModelDir(), "--listen",
                       absl::StrCat("127.0.0.1:", first->port())});
  EXPECT_EQ(second.Wait(), 5);
  const std::string error = second.error_output();
  EXPECT_THAT(error, HasSubstr("another program has the port"));
  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 1) << error;
}

TEST_F(ServerProcessTest, AMissingModelIsNamed) {
  ChildProcess server({ProgramPath(), "serve", "--data", folder_.path(),
                       "--model", "/no/such/model", "--listen", "127.0.0.1:0"});
  EXPECT_EQ(server.Wait(), 3);
  EXPECT_THAT(server.error_output(), HasSubstr("/no/such/model"));
}

TEST_F(ServerProcessTest, AMissingDataFlagIsAUsageError) {
  ChildProcess server({ProgramPath(), "serve"});
  EXPECT_EQ(server.Wait(), 2);
  EXPECT_THAT(server.error_output(), HasSubstr("--data"));
}

TEST_F(ServerProcessTest, EitherStopSignalEndsItWithSuccess) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const auto server = StartReady();
    ASSERT_NE(server, nullptr);
    server->process().Send(signal);
    EXPECT_EQ(server->process().Wait(), 0);
    EXPECT_THAT(server->process().error_output(), HasSubstr("stopped"));
  }
}

// GNU timeout signals its child and then its own group.
TEST_F(ServerProcessTest, AStopSignalThatIsRepeatedAtOnceIsOneStop) {
  const auto server = StartReady();
  ASSERT_NE(server, nullptr);
  for (int i = 0; i < 10; ++i) server->process().Send(SIGTERM);
  EXPECT_EQ(server->process().Wait(), 0);
  EXPECT_THAT(server->process().error_output(), HasSubstr("stopped"));
}

TEST_F(ServerProcessTest, AStopLetsRunningCallsEnd) {
  const auto server = StartReady({"--workers", "1"});
  ASSERT_NE(server, nullptr);
  const ApiClient client(server->port());
  // Several comparisons keep the one worker busy while the signal comes.
  std::vector<std::thread> callers;
  std::vector<absl::Status> results(6);
  for (size_t i = 0; i < results.size(); ++i) {
    callers.emplace_back([&, i] {
      v1::CompareRequest compare;
      compare.set_picture_a(PatchworkJpeg(1, 1200));
      compare.set_picture_b(PatchworkJpeg(2, 1200));
      results[i] = client.Call(compare).status();
      if (i == 0) server->process().Send(SIGTERM);
    });
  }
  for (std::thread& caller : callers) caller.join();
  // Accepted calls end well; those that came too late are told to try again.
  EXPECT_OK(results[0]);
  for (const absl::Status& result : results) {
    EXPECT_TRUE(result.ok() || absl::IsUnavailable(result)) << result;
  }
  EXPECT_EQ(server->process().Wait(), 0);
}

TEST_F(ServerProcessTest, HealthAnswersFromTheStart) {
  ASSERT_OK_AND_ASSIGN(const auto server, ServerProcess::Start(folder_.path()));
  const ApiClient client(server->port());
  ASSERT_OK(client.Health());
  EXPECT_TRUE(client.WaitForHealth(kServing));
  for (const char* service :
       {"likeness.v1.CollectionService", "likeness.v1.ItemService",
        "likeness.v1.SearchService"}) {
    ASSERT_OK_AND_ASSIGN(const auto health, client.Health(service));
    EXPECT_EQ(health, kServing);
  }
}

}  // namespace
}  // namespace likeness::testing
