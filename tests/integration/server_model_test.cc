// A collection from one network to another while a real server serves it.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

constexpr float kSame = 0.999F;

class ServerModelTest : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_PROGRAM_AND_MODEL(); }

  // A server that runs both networks.
  void Serve() {
    auto server = ServerProcess::Start(
        data_.path(), {"--next-model", SourceDir() + "/models/likeness-v1",
                       "--pictures", pictures_.path()});
    ASSERT_OK(server);
    server_ = *std::move(server);
    client_ = std::make_unique<ApiClient>(server_->port());
    ASSERT_TRUE(client().WaitForHealth(kServing))
        << server_->process().error_output();
  }

  void Kill() {
    server_->process().Send(SIGKILL);
    EXPECT_EQ(server_->process().Wait(), 128 + SIGKILL);
  }

  static std::string Picture(int i) {
    return PatchworkJpeg(static_cast<uint32_t>(i));
  }

  // Item i, its picture in the file that it names.
  v1::UpsertItemRequest UpsertOf(int i) const {
    const std::string name = absl::StrCat(i, ".jpg");
    std::ofstream(pictures_.File(name), std::ios::binary) << Picture(i);
    v1::UpsertItemRequest request =
        UpsertRequest("shop", std::to_string(i), Picture(i));
    request.mutable_item()->set_source(name);
    return request;
  }

  void Fill(int count) {
    ASSERT_OK(client().Call(CreateRequest("shop")));
    for (int i = 0; i < count; i += 50) {
      v1::UpsertItemsRequest batch;
      batch.set_collection("shop");
      for (int j = i; j < std::min(count, i + 50); ++j) {
        *batch.add_requests() = UpsertOf(j);
      }
      ASSERT_OK(client().Call(batch));
    }
  }

  void Start() {
    v1::StartModelChangeRequest request;
    request.set_collection("shop");
    ASSERT_OK(client().Call(request));
  }

  v1::ModelChange State() {
    v1::GetModelChangeRequest request;
    request.set_collection("shop");
    const auto response = client().Call(request);
    EXPECT_OK(response);
    return response.ok() ? response->change() : v1::ModelChange();
  }

  v1::ModelChange AwaitCaughtUp() {
    v1::ModelChange change = State();
    while (change.operations_left() > 0 && change.error().empty()) {
      absl::SleepFor(absl::Milliseconds(20));
      change = State();
    }
    EXPECT_EQ(change.error(), "");
    return change;
  }

  void Switch() {
    v1::SwitchModelRequest request;
    request.set_collection("shop");
    const auto response = client().Call(request);
    ASSERT_OK(response);
    EXPECT_TRUE(response->change().switched());
  }

  void RollBack() {
    v1::RollBackModelRequest request;
    request.set_collection("shop");
    const auto response = client().Call(request);
    ASSERT_OK(response);
    EXPECT_FALSE(response->change().switched());
  }

  // Item i is found by its picture; the model that found it.
  std::string Find(int i) {
    const auto found = client().Call(PictureSearch("shop", Picture(i), 1));
    EXPECT_OK(found);
    if (!found.ok() || found->hits().empty()) return "";
    EXPECT_EQ(found->hits(0).item().id(), std::to_string(i));
    EXPECT_GT(found->hits(0).similarity(), kSame);
    return found->model_id();
  }

  const ApiClient& client() const { return *client_; }

  const TempDir data_;
  const TempDir pictures_;
  std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<ApiClient> client_;
};

TEST_F(ServerModelTest, KilledWhileItEmbedsItGoesOnWhereItWas) {
  constexpr int kItems = 100;
  Serve();
  Fill(kItems);
  const std::string old_model = Find(7);
  Start();
  v1::ModelChange at_kill = State();
  while (at_kill.other().last_op_id() == 0) at_kill = State();
  Kill();
  Serve();
  ASSERT_OK(client().Call(UpsertOf(kItems)));
  const v1::ModelChange all = AwaitCaughtUp();
  EXPECT_EQ(all.other().item_count(), kItems + 1);
  EXPECT_EQ(all.other().unembedded_count(), 0);
  // What had been embedded was not embedded again.
  EXPECT_LE(all.progress().operations(),
            kItems + 1 - static_cast<int64_t>(at_kill.other().last_op_id()));
  EXPECT_EQ(Find(7), old_model);
  Switch();
  Kill();
  Serve();
  EXPECT_EQ(State().current().model_id(), all.other().model_id());
  for (const int i : {0, 77, kItems}) {
    EXPECT_EQ(Find(i), all.other().model_id());
  }
  ASSERT_OK(client().Call(UpsertOf(kItems + 1)));
  RollBack();
  for (const int i : {0, 77, kItems, kItems + 1}) {
    EXPECT_EQ(Find(i), old_model);
  }
}

TEST_F(ServerModelTest, SearchesAndWritesGoOnThereAndBack) {
  constexpr int kItems = 20;
  Serve();
  Fill(kItems);
  std::atomic<bool> stop = false;
  int written = kItems;
  std::thread writer([&] {
    for (; !stop; ++written) ASSERT_OK(client().Call(UpsertOf(written)));
  });
  std::thread searcher([&] {
    for (int i = 0; !stop; i = (i + 1) % kItems) EXPECT_NE(Find(i), "");
  });
  Start();
  while (State().operations_left() > 20) {
  }
  Switch();
  const std::string new_model = Find(3);
  RollBack();
  const std::string old_model = Find(3);
  Switch();
  stop = true;
  writer.join();
  searcher.join();
  EXPECT_NE(new_model, old_model);
  EXPECT_EQ(State().current().item_count(), written);
  EXPECT_EQ(State().current().unembedded_count(), 0);
  for (int i = 0; i < written; i += 3) ASSERT_EQ(Find(i), new_model);
  v1::FinishModelChangeRequest finish;
  finish.set_collection("shop");
  ASSERT_OK_AND_ASSIGN(const auto ended, client().Call(finish));
  EXPECT_EQ(ended.model_id(), new_model);
}

}  // namespace
}  // namespace likeness::testing
