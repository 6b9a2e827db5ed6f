// An index that can't take what the store has synced.
#include <memory>
#include <utility>

#include "engine/collection/embedded_collection.h"
#include "engine/index/flat_index.h"
#include "engine/store/database.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::Fails;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::TempDir;
using ::likeness::testing::TestSpec;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;

// Takes `capacity` vectors, then says that memory is out.
class SmallIndex final : public GrowingIndex {
 public:
  SmallIndex(std::unique_ptr<GrowingIndex> inner, size_t capacity)
      : inner_(std::move(inner)), capacity_(capacity) {}

  int dimensions() const override { return inner_->dimensions(); }
  size_t size() const override { return inner_->size(); }
  absl::Status Add(absl::Span<const float> vectors) override {
    if (size() == capacity_) return absl::ResourceExhaustedError("no memory");
    return inner_->Add(vectors);
  }
  absl::StatusOr<std::vector<IndexSearchResult>> Search(
      absl::Span<const float> queries, const IndexSearchParams& params,
      const Bitmap& allowed) const override {
    return inner_->Search(queries, params, allowed);
  }
  bool ScoresAll(const IndexSearchParams& params,
                 const Bitmap& allowed) const override {
    return inner_->ScoresAll(params, allowed);
  }
  void Score(absl::Span<const float> query, const Bitmap& allowed,
             const ScoreVisitor& visit) const override {
    inner_->Score(query, allowed, visit);
  }
  void Reconstruct(size_t ordinal, absl::Span<float> out) const override {
    inner_->Reconstruct(ordinal, out);
  }
  IndexMemory memory() const override { return inner_->memory(); }

 private:
  const std::unique_ptr<GrowingIndex> inner_;
  const size_t capacity_;
};

absl::StatusOr<std::unique_ptr<GrowingIndex>> MakeSmallIndex(int dimensions) {
  auto inner = MakeFlatIndex(dimensions);
  if (!inner.ok()) return inner.status();
  return std::make_unique<SmallIndex>(*std::move(inner), 2);
}

TEST(OutOfStepTest, FailsClearlyUntilItIsOpenedAnew) {
  const TempDir dir;
  ASSERT_OK_AND_ASSIGN(auto database, Database::Open(dir.path(), true));
  ASSERT_OK(database->CreateCollection(TestSpec()));
  SearchRequest request;
  request.target = VersionedVector(Space::kSimilar, "c", 1);
  {
    ASSERT_OK_AND_ASSIGN(auto store, database->OpenStore("test"));
    ASSERT_OK_AND_ASSIGN(
        auto collection,
        EmbeddedCollection::Open(TestSpec(), std::move(store), MakeSmallIndex));
    ASSERT_OK(collection->Upsert({VersionedPut("a", 1), VersionedPut("b", 1)}));
    const auto met = collection->Upsert({VersionedPut("c", 1)});
    EXPECT_THAT(met, Fails(absl::StatusCode::kInternal, "no memory"));
    EXPECT_THAT(met, HasReason(kReasonOutOfStep));
    EXPECT_THAT(collection->Search(request), HasReason(kReasonOutOfStep));
    EXPECT_THAT(collection->Search(request),
                Fails(absl::StatusCode::kFailedPrecondition, "open the data"));
    EXPECT_THAT(collection->Get("a", {}),
                HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(collection->List("", 5, {}),
                HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(collection->Upsert({VersionedPut("d", 1)}),
                HasCode(absl::StatusCode::kFailedPrecondition));
  }
  ASSERT_OK_AND_ASSIGN(auto store, database->OpenStore("test"));
  ASSERT_OK_AND_ASSIGN(
      auto collection,
      EmbeddedCollection::Open(TestSpec(), std::move(store), MakeFlatIndex));
  ASSERT_OK_AND_ASSIGN(const SearchResult result, collection->Search(request));
  ASSERT_EQ(result.hits.size(), 3U);
  EXPECT_EQ(result.hits[0].id, "c");
}

}  // namespace
}  // namespace likeness
