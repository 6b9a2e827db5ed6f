// Several clients at once.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

using ServerConcurrencyTest = RealServerTest;

TEST_F(ServerConcurrencyTest, ManyClientsAtOnceLoseNothing) {
  constexpr int kClients = 6;
  constexpr int kPictures = 4;
  const std::string name = MakeCollection();
  std::atomic<int> found_itself = 0;
  std::vector<std::thread> threads;
  for (int c = 0; c < kClients; ++c) {
    threads.emplace_back([&, c] {
      const ApiClient mine(server().port());
      for (int i = 0; i < kPictures; ++i) {
        const std::string picture = PatchworkJpeg(1000 + c * kPictures + i);
        const std::string id = std::to_string(c) + "/" + std::to_string(i);
        const auto put = mine.Call(UpsertRequest(name, id, picture));
        EXPECT_OK(put);
        v1::SearchRequest search = PictureSearch(name, picture, 1);
        if (put.ok()) search.set_min_op_id(put->op_id());
        const auto found = mine.Call(search);
        EXPECT_OK(found);
        if (found.ok() && found->hits_size() == 1 &&
            found->hits(0).item().id() == id) {
          ++found_itself;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found_itself, kClients * kPictures);
  v1::GetCollectionRequest get;
  get.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto collection, client().Call(get));
  EXPECT_EQ(collection.collection().item_count(), kClients * kPictures);
  EXPECT_EQ(collection.collection().last_op_id(), kClients * kPictures);
}

}  // namespace
}  // namespace likeness::testing
