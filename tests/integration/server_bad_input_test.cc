// Bad input to every RPC: the code, the field and the reason, and a server that
// works on afterwards.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/core/error.h"
#include "gtest/gtest.h"
#include "server/reasons.h"
#include "tests/integration/real_server.h"

namespace likeness::testing {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kNotFound = absl::StatusCode::kNotFound;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

class ServerBadInputTest : public RealServerTest {
 protected:
  template <typename Request>
  void ExpectRefused(const Request& request, absl::StatusCode code,
                     absl::string_view field, absl::string_view reason) {
    const auto result = client().Call(request);
    EXPECT_THAT(result, HasCode(code)) << request.ShortDebugString();
    EXPECT_THAT(result, BlamesField(field)) << request.ShortDebugString();
    EXPECT_THAT(result, HasReason(reason)) << request.ShortDebugString();
  }
  template <typename Request>
  void ExpectInvalid(const Request& request, absl::string_view field) {
    ExpectRefused(request, kInvalid, field, kReasonInvalidField);
  }

  void TearDown() override {
    if (IsSkipped()) return;
    ASSERT_OK_AND_ASSIGN(const auto health, client().Health());
    EXPECT_EQ(health, kServing);
    EXPECT_OK(client().Call(v1::ListCollectionsRequest()));
  }
};

// Ids that no method takes.
std::vector<std::string> BadIds() {
  return {"", std::string(513, 'a'), "line\nbreak", std::string("nul\0", 4)};
}

struct BadPicture {
  std::string bytes;
  absl::string_view reason;
};

std::vector<BadPicture> BadPictures() {
  const std::string jpeg = PatchworkJpeg(1);
  return {{"", kReasonEmptyPicture},
          {"this is text, not a picture", kReasonNotAPicture},
          {std::string(1000, '\0'), kReasonNotAPicture},
          {jpeg.substr(0, jpeg.size() / 2), kReasonCorruptPicture},
          {jpeg.substr(0, 20), kReasonCorruptPicture}};
}

TEST_F(ServerBadInputTest, CreateCollection) {
  for (const std::string& name :
       {std::string(), std::string("UPPER"), std::string("with space"),
        std::string("-dash"), std::string("../up"), std::string(129, 'a')}) {
    ExpectInvalid(CreateRequest(name), "name");
  }
  const std::string taken = MakeCollection();
  ExpectRefused(CreateRequest(taken), absl::StatusCode::kAlreadyExists, "name",
                kReasonCollectionExists);
  v1::CreateCollectionRequest request = CreateRequest("spaces");
  v1::SpaceConfig& space = *request.add_vector_spaces();
  space.set_space(v1::SPACE_SIMILAR);
  for (const int dimensions : {0, -1, 4097}) {
    space.set_dimensions(dimensions);
    ExpectInvalid(request, "vector_spaces[0].dimensions");
  }
  space.set_dimensions(8);
  space.set_space(v1::SPACE_UNSPECIFIED);
  ExpectInvalid(request, "vector_spaces[0].space");
  space.set_space(static_cast<v1::Space>(77));
  ExpectInvalid(request, "vector_spaces[0].space");
  space.set_space(v1::SPACE_COPY);
  const v1::SpaceConfig same = space;
  *request.add_vector_spaces() = same;
  ExpectInvalid(request, "vector_spaces[1].space");
}

TEST_F(ServerBadInputTest, GetAndDeleteCollection) {
  v1::GetCollectionRequest get;
  ExpectInvalid(get, "name");
  get.set_name("none");
  ExpectRefused(get, kNotFound, "name", kReasonCollectionNotFound);
  get.set_name(std::string(100'000, 'n'));
  EXPECT_FALSE(client().Call(get).ok());
  v1::DeleteCollectionRequest drop;
  ExpectInvalid(drop, "name");
  drop.set_name("none");
  ExpectRefused(drop, kNotFound, "name", kReasonCollectionNotFound);
}

TEST_F(ServerBadInputTest, UpsertItem) {
  const std::string name = MakeCollection();
  const std::string jpeg = PatchworkJpeg(1);
  ExpectInvalid(UpsertRequest("", "a", jpeg), "collection");
  ExpectRefused(UpsertRequest("none", "a", jpeg), kNotFound, "collection",
                kReasonCollectionNotFound);
  v1::UpsertItemRequest request;
  request.set_collection(name);
  request.set_picture(jpeg);
  ExpectInvalid(request, "item");
  for (const std::string& id : BadIds()) {
    ExpectInvalid(UpsertRequest(name, id, jpeg), "item.id");
  }
  request = UpsertRequest(name, "a", jpeg);
  request.clear_picture();
  ExpectInvalid(request, "picture");
  request = UpsertRequest(name, "a", jpeg);
  request.mutable_item()->set_op_id(1);
  ExpectInvalid(request, "item.op_id");
  request = UpsertRequest(name, "a", jpeg);
  request.mutable_item()->set_source(std::string(4097, 's'));
  ExpectInvalid(request, "item.source");
  request = UpsertRequest(name, "a", jpeg);
  (*request.mutable_item()->mutable_metadata())["big"].set_string_value(
      std::string(70'000, 'x'));
  ExpectInvalid(request, "item.metadata");
  request = UpsertRequest(name, "a", jpeg);
  (*request.mutable_item()->mutable_metadata())["nan"].set_double_value(NAN);
  ExpectInvalid(request, "item.metadata.nan");
  for (const BadPicture& bad : BadPictures()) {
    ExpectRefused(UpsertRequest(name, "a", bad.bytes), kInvalid, "picture",
                  bad.reason);
  }
  ExpectRefused(VectorUpsert(name, "a", 1, 0), kPrecondition, "vectors",
                kReasonModelMismatch);
  // Nothing of all that was written.
  v1::GetCollectionRequest get;
  get.set_name(name);
  ASSERT_OK_AND_ASSIGN(const auto collection, client().Call(get));
  EXPECT_EQ(collection.collection().last_op_id(), 0U);
}

TEST_F(ServerBadInputTest, UpsertItemWithVectors) {
  const std::string name = MakeVectorCollection();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  ExpectInvalid(VectorUpsert(name, "a", nan, 1), "vectors.vectors[0].values");
  ExpectInvalid(VectorUpsert(name, "a", inf, 1), "vectors.vectors[0].values");
  ExpectInvalid(VectorUpsert(name, "a", 0, 0), "vectors.vectors[0].values");
  v1::UpsertItemRequest request = VectorUpsert(name, "a", 1, 0);
  request.mutable_vectors()->mutable_vectors(0)->add_values(1);
  ExpectInvalid(request, "vectors.vectors[0].values");
  request = VectorUpsert(name, "a", 1, 0);
  request.mutable_vectors()->mutable_vectors(0)->set_space(v1::SPACE_COPY);
  ExpectInvalid(request, "vectors.vectors[0].space");
  request.mutable_vectors()->clear_vectors();
  ExpectInvalid(request, "vectors.vectors");
  ExpectRefused(UpsertRequest(name, "a", PatchworkJpeg(1)), kPrecondition,
                "picture", kReasonModelMismatch);
}

TEST_F(ServerBadInputTest, GetAndDeleteItem) {
  const std::string name = MakeCollection();
  v1::GetItemRequest get;
  v1::DeleteItemRequest drop;
  ExpectInvalid(get, "collection");
  ExpectInvalid(drop, "collection");
  get.set_collection("none");
  drop.set_collection("none");
  ExpectRefused(get, kNotFound, "collection", kReasonCollectionNotFound);
  ExpectRefused(drop, kNotFound, "collection", kReasonCollectionNotFound);
  get.set_collection(name);
  drop.set_collection(name);
  for (const std::string& id : BadIds()) {
    get.set_id(id);
    drop.set_id(id);
    ExpectInvalid(get, "id");
    ExpectInvalid(drop, "id");
  }
  get.set_id("none");
  drop.set_id("none");
  ExpectRefused(get, kNotFound, "id", kReasonItemNotFound);
  ExpectRefused(drop, kNotFound, "id", kReasonItemNotFound);
}

TEST_F(ServerBadInputTest, ListItems) {
  v1::ListItemsRequest list;
  ExpectInvalid(list, "collection");
  list.set_collection("none");
  ExpectRefused(list, kNotFound, "collection", kReasonCollectionNotFound);
  const std::string name = MakeVectorCollection();
  list.set_collection(name);
  for (const int size : {-1, 1001}) {
    list.set_page_size(size);
    ExpectInvalid(list, "page_size");
  }
  list.set_page_size(1);
  for (const std::string& token : {std::string("x"), std::string(5000, 'A')}) {
    list.set_page_token(token);
    ExpectInvalid(list, "page_token");
  }
  // A token of another collection.
  ASSERT_OK(client().Call(VectorUpsert(name, "a", 1, 0)));
  ASSERT_OK(client().Call(VectorUpsert(name, "b", 1, 0)));
  list.clear_page_token();
  ASSERT_OK_AND_ASSIGN(const auto page, client().Call(list));
  ASSERT_NE(page.next_page_token(), "");
  list.set_collection(MakeCollection());
  list.set_page_token(page.next_page_token());
  ExpectInvalid(list, "page_token");
}

TEST_F(ServerBadInputTest, Search) {
  const std::string name = MakeCollection();
  const std::string jpeg = PatchworkJpeg(1);
  ExpectInvalid(PictureSearch("", jpeg), "collection");
  ExpectRefused(PictureSearch("none", jpeg), kNotFound, "collection",
                kReasonCollectionNotFound);
  v1::SearchRequest request;
  request.set_collection(name);
  ExpectInvalid(request, "picture");
  for (const int k : {-1, 1001}) {
    ExpectInvalid(PictureSearch(name, jpeg, k), "k");
  }
  for (const float minimum : {-1.5F, 1.5F, NAN}) {
    request = PictureSearch(name, jpeg);
    request.set_min_similarity(minimum);
    ExpectInvalid(request, "min_similarity");
  }
  request = PictureSearch(name, jpeg);
  request.set_space(static_cast<v1::Space>(5));
  ExpectInvalid(request, "space");
  for (const BadPicture& bad : BadPictures()) {
    ExpectRefused(PictureSearch(name, bad.bytes), kInvalid, "picture",
                  bad.reason);
  }
  for (const std::string& id : BadIds()) {
    request.Clear();
    request.set_collection(name);
    request.set_item_id(id);
    ExpectInvalid(request, "item_id");
  }
  request.set_item_id("none");
  ExpectRefused(request, kNotFound, "item_id", kReasonItemNotFound);
  request.mutable_vector()->add_values(1);
  ExpectInvalid(request, "vector.values");
  request.set_space(v1::SPACE_COPY);
  request.mutable_vector()->set_space(v1::SPACE_SIMILAR);
  ExpectInvalid(request, "vector.space");
  ExpectRefused(PictureSearch(MakeVectorCollection(), jpeg), kPrecondition,
                "picture", kReasonModelMismatch);
}

TEST_F(ServerBadInputTest, Compare) {
  const std::string jpeg = PatchworkJpeg(1);
  for (const BadPicture& bad : BadPictures()) {
    v1::CompareRequest request;
    request.set_picture_a(bad.bytes);
    request.set_picture_b(jpeg);
    ExpectRefused(request, kInvalid, "picture_a", bad.reason);
    request.set_picture_a(jpeg);
    request.set_picture_b(bad.bytes);
    ExpectRefused(request, kInvalid, "picture_b", bad.reason);
  }
}

TEST_F(ServerBadInputTest, TextThatIsNotUtf8IsRefusedByTheProtocol) {
  v1::GetItemRequest get;
  get.set_collection("c");
  get.set_id("\xff\xfe");
  const auto result = client().Call(get);
  EXPECT_FALSE(result.ok());
}

// A server of its own, with a small limit.
TEST(ServerLimitTest, APictureOverTheLimitIsNamedAndAHugeMessageRefused) {
  SKIP_WITHOUT_PROGRAM_AND_MODEL();
  const TempDir folder;
  ASSERT_OK_AND_ASSIGN(
      const auto server,
      ServerProcess::Start(folder.path(), {"--max-picture-bytes", "20000"}));
  const ApiClient client(server->port());
  ASSERT_TRUE(client.WaitForHealth(kServing));
  ASSERT_OK(client.Call(CreateRequest("c")));
  const std::string large = PatchworkJpeg(1, 1500, 100);
  ASSERT_GT(large.size(), 20'000U);
  const auto refused = client.Call(UpsertRequest("c", "a", large));
  EXPECT_THAT(refused, Fails(kInvalid, "20000"));
  EXPECT_THAT(refused, BlamesField("picture"));
  EXPECT_THAT(refused, HasReason(kReasonLimitExceeded));
  EXPECT_THAT(client.Call(UpsertRequest("c", "a", std::string(3 << 20, 'x'))),
              HasCode(absl::StatusCode::kResourceExhausted));
  EXPECT_OK(client.Call(UpsertRequest("c", "a", PatchworkJpeg(1, 64))));
}

}  // namespace
}  // namespace likeness::testing
