#include "server/hit_page.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/page_token.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;

CollectionSpec Spec() {
  CollectionSpec spec;
  spec.name = "c";
  spec.dimensions[Space::kSimilar] = 3;
  return spec;
}

SearchCursor Cursor() {
  return {.similarity = 0.1F,
          .op_id = 7,
          .as_of = uint64_t{1} << 63,
          .depth = 30,
          .queries = {{1, 0, 0}, {0, -0.0F, 1}}};
}

v1::SearchRequest Request() {
  v1::SearchRequest request;
  request.set_collection("c");
  request.set_picture("bytes");
  request.set_paged(true);
  request.set_filter("a = 1");
  return request;
}

TEST(HitPageTest, GivesBackTheCursorToTheSameRequest) {
  v1::SearchRequest request = Request();
  request.set_page_token(MakeHitPageToken(Spec(), request, Cursor()));
  // What may change from page to page.
  request.set_k(77);
  request.set_min_op_id(5);
  request.set_with_thumbnails(true);
  request.set_paged(false);
  ASSERT_OK_AND_ASSIGN(const SearchCursor cursor,
                       ParseHitPageToken(Spec(), request));
  EXPECT_EQ(cursor.similarity, 0.1F);
  EXPECT_EQ(cursor.op_id, 7U);
  EXPECT_EQ(cursor.as_of, uint64_t{1} << 63);
  EXPECT_EQ(cursor.depth, 30U);
  EXPECT_EQ(cursor.queries, Cursor().queries);
}

TEST(HitPageTest, IsRefusedOnceTheCollectionHasAnotherModel) {
  CollectionSpec spec = Spec();
  spec.model_id = "old";
  v1::SearchRequest request = Request();
  request.set_page_token(MakeHitPageToken(spec, request, Cursor()));
  EXPECT_OK(ParseHitPageToken(spec, request));
  // The vectors in it mean nothing among those of another model.
  spec.model_id = "new";
  const auto refused = ParseHitPageToken(spec, request);
  EXPECT_THAT(refused, BlamesField("page_token"));
  EXPECT_THAT(refused, Fails(absl::StatusCode::kInvalidArgument, "its model"));
}

TEST(HitPageTest, AnotherRequestIsToldInWhatItDiffers) {
  const v1::SearchRequest request = Request();
  const std::string token = MakeHitPageToken(Spec(), request, Cursor());
  std::vector<std::pair<std::string, v1::SearchRequest>> others;
  const auto other = [&](const std::string& field) -> v1::SearchRequest& {
    others.emplace_back(field, request);
    others.back().second.set_page_token(token);
    return others.back().second;
  };
  other("picture").set_picture("byte");
  other("item_id").set_item_id("bytes");
  other("vector").mutable_vector()->add_values(1);
  other("examples").mutable_examples();
  other("picture").clear_query();
  other("space").set_space(v1::SPACE_COPY);
  other("min_similarity").set_min_similarity(0);
  other("min_precision").set_min_precision(0.9);
  other("filter").set_filter("a = 2");
  other("exclude_item_ids").add_exclude_item_ids("x");
  other("exact").set_exact(true);
  other("recall_target").set_recall_target(0.9F);
  other("ef_search").set_ef_search(5);
  other("nprobe").set_nprobe(5);
  for (const auto& [field, changed] : others) {
    const auto parsed = ParseHitPageToken(Spec(), changed);
    EXPECT_THAT(parsed, Fails(absl::StatusCode::kInvalidArgument, field));
    EXPECT_THAT(parsed, BlamesField("page_token"));
  }
}

TEST(HitPageTest, RubbishAndOtherTokensAreRefused) {
  const std::string good = MakeHitPageToken(Spec(), Request(), Cursor());
  std::vector<std::string> wrong = {
      "x", good.substr(0, good.size() - 4), good + good,
      MakePageToken(PageKind::kItems, Spec(), "id"),
      // Well made, but of nothing that fits.
      MakePageToken(PageKind::kHits, Spec(), "short"),
      MakePageToken(PageKind::kHits, Spec(), std::string(64, '\xff')),
      std::string(10'000'000, 'A')};
  for (const std::string& token : wrong) {
    v1::SearchRequest request = Request();
    request.set_page_token(token);
    EXPECT_THAT(ParseHitPageToken(Spec(), request), BlamesField("page_token"));
  }
}

}  // namespace
}  // namespace likeness
