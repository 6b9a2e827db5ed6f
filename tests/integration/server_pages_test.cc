// ListItems over many and over large items.
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

using ServerPagesTest = RealServerTest;

TEST_F(ServerPagesTest, PagesHoldEveryItemOnceInOrder) {
  constexpr int kItems = 250;
  const std::string name = MakeVectorCollection();
  std::set<std::string> given;
  for (int i = 0; i < kItems; ++i) {
    const std::string id = "id" + std::to_string(i * 7919 % kItems);
    given.insert(id);
    ASSERT_OK(client().Call(VectorUpsert(name, id, 1, static_cast<float>(i))));
  }
  v1::ListItemsRequest list;
  list.set_collection(name);
  std::vector<std::string> listed;
  std::vector<int> pages;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, client().Call(list));
    for (const v1::Item& item : page.items()) listed.push_back(item.id());
    pages.push_back(page.items_size());
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(pages, (std::vector<int>{100, 100, 50}));
  EXPECT_EQ(listed, std::vector<std::string>(given.begin(), given.end()));
}

TEST_F(ServerPagesTest, APageOfLargeItemsFitsADefaultClientsMessageLimit) {
  const std::string name = MakeVectorCollection();
  constexpr int kItems = 120;  // Of 60 KB: 7 MB in all.
  for (int i = 0; i < kItems; ++i) {
    v1::UpsertItemRequest put =
        VectorUpsert(name, "id" + std::to_string(1000 + i), 1, 0);
    (*put.mutable_item()->mutable_metadata())["text"].set_string_value(
        std::string(60'000, 'x'));
    ASSERT_OK(client().Call(put));
  }
  const ApiClient by_default(server().port(), grpc::ChannelArguments());
  v1::ListItemsRequest list;
  list.set_collection(name);
  list.set_page_size(1000);
  int listed = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, by_default.Call(list));
    EXPECT_GT(page.items_size(), 0);
    listed += page.items_size();
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(listed, kItems);
}

}  // namespace
}  // namespace likeness::testing
