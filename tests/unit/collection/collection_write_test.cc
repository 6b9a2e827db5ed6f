// What a collection's writes do to its searches.
#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::BlamesField;
using ::likeness::testing::HasCode;
using ::likeness::testing::HasReason;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::VersionedPut;
using ::likeness::testing::VersionedVector;

class CollectionWriteTest : public ::testing::Test {
 protected:
  Collection& collection() { return *opened_.collection; }
  void Reopen() {
    opened_ = {};
    opened_ = OpenTestCollection(dir_.path());
  }
  // Ids of all items, as a search finds them.
  std::vector<std::string> Found() {
    SearchRequest request;
    request.target = VersionedVector(Space::kSimilar, "query", 1);
    request.k = 1000;
    const auto result = collection().Search(request);
    EXPECT_OK(result);
    std::vector<std::string> ids;
    for (const Hit& hit : result->hits) ids.push_back(hit.id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

 private:
  testing::TempDir dir_;
  testing::OpenedCollection opened_ = OpenTestCollection(dir_.path());
};

Mutation ExpiringPut(const std::string& id, int seconds) {
  Mutation put = VersionedPut(id, 1);
  put.item.expires = absl::FromUnixSeconds(seconds);
  return put;
}

TEST_F(CollectionWriteTest, EachWriteOfACallStandsForItself) {
  std::vector<AtomicWrite> writes(5);
  writes[0].mutations = {VersionedPut("a", 1)};
  writes[1].mutations = {VersionedPut("b", 1)};
  writes[1].mutations[0].vectors[Space::kCopy].push_back(1);
  writes[2].mutations = {VersionedPut("a", 2)};
  writes[2].mutations[0].condition.kind = Condition::Kind::kAbsent;
  writes[3].mutations = {VersionedPut("c", 1)};
  writes[3].request_id = std::string(kMaxRequestIdBytes + 1, 'x');
  writes[4].mutations = {VersionedPut("d", 1)};
  const auto results = collection().Apply(writes);
  ASSERT_EQ(results.size(), 5U);
  EXPECT_OK(results[0]);
  EXPECT_THAT(results[1], BlamesField("vectors.copy"));
  EXPECT_THAT(results[2], HasReason(kReasonItemExists));
  EXPECT_THAT(results[3], BlamesField("request_id"));
  ASSERT_OK(results[4]);
  EXPECT_EQ(results[4]->front().op_id, 2U);
  EXPECT_EQ(Found(), (std::vector<std::string>{"a", "d"}));
}

TEST_F(CollectionWriteTest, APatchedItemIsFoundOnceWithItsNewMetadata) {
  ASSERT_OK(collection().Upsert({VersionedPut("a", 1), VersionedPut("b", 1)}));
  Mutation patch;
  patch.kind = Mutation::Kind::kPatch;
  patch.item.id = "a";
  patch.patch.set["version"] = int64_t{7};
  ASSERT_OK_AND_ASSIGN(const auto outcomes,
                       collection().ApplyAtomically({patch}));
  EXPECT_EQ(outcomes[0].change, Outcome::Change::kReplaced);
  for (int start = 0; start < 2; ++start) {
    for (const Space space : kAllSpaces) {
      SearchRequest request;
      request.space = space;
      request.target = VersionedVector(space, "a", 1);
      request.min_op_id = outcomes[0].op_id;
      ASSERT_OK_AND_ASSIGN(const SearchResult result,
                           collection().Search(request));
      ASSERT_EQ(result.hits.size(), 2U);
      EXPECT_EQ(result.hits[0].id, "a");
      EXPECT_EQ(result.hits[0].similarity, 1.0F);
      EXPECT_EQ(testing::VersionOf(*result.hits[0].item), 7);
    }
    Reopen();
  }
}

TEST_F(CollectionWriteTest, TermsThatMakeNoSenseAreRefused) {
  Mutation mutation = VersionedPut("a", 1);
  mutation.ttl = absl::ZeroDuration();
  EXPECT_THAT(collection().Upsert({mutation}), BlamesField("ttl"));
  mutation.ttl = absl::Seconds(1);
  mutation.item.expires = absl::UnixEpoch();
  EXPECT_THAT(collection().Upsert({mutation}), BlamesField("ttl"));
  mutation.ttl.reset();
  mutation.item.expires = absl::InfiniteFuture();
  EXPECT_THAT(collection().Upsert({mutation}), BlamesField("expire_time"));
  mutation = {};
  mutation.kind = Mutation::Kind::kPatch;
  mutation.item.id = "a";
  EXPECT_THAT(collection().ApplyAtomically({mutation}), BlamesField("set"));
  mutation.patch.set["x"] = true;
  mutation.patch.remove = {"x"};
  EXPECT_THAT(collection().ApplyAtomically({mutation}), BlamesField("remove"));
  mutation.patch.remove.clear();
  mutation.condition.kind = Condition::Kind::kAbsent;
  EXPECT_THAT(collection().ApplyAtomically({mutation}),
              BlamesField("condition"));
  mutation.condition.kind = Condition::Kind::kOpId;
  EXPECT_THAT(collection().ApplyAtomically({mutation}),
              BlamesField("condition"));
  mutation.condition.op_id = 1;
  EXPECT_THAT(collection().ApplyAtomically({mutation}),
              HasCode(absl::StatusCode::kAborted));
}

TEST_F(CollectionWriteTest, OfTwoWritersOfOneVersionOneIsRefused) {
  ASSERT_OK(collection().Upsert({VersionedPut("counter", 0)}));
  constexpr int kWriters = 4;
  constexpr int kRounds = 25;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&] {
      for (int done = 0; done < kRounds;) {
        ASSERT_OK_AND_ASSIGN(const Item item, collection().Get("counter", {}));
        Mutation put = VersionedPut("counter", testing::VersionOf(item) + 1);
        put.condition = {Condition::Kind::kOpId, item.op_id};
        const auto result = collection().ApplyAtomically({put});
        if (result.ok()) {
          ++done;
        } else {
          ASSERT_TRUE(absl::IsAborted(result.status())) << result.status();
        }
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  ASSERT_OK_AND_ASSIGN(const Item item, collection().Get("counter", {}));
  EXPECT_EQ(testing::VersionOf(item), kWriters * kRounds);
}

TEST_F(CollectionWriteTest, SweepingDeletesWhatExpiredAndNothingElse) {
  ASSERT_OK(collection().Upsert({ExpiringPut("a", 1), ExpiringPut("b", 2),
                                 ExpiringPut("c", 3), VersionedPut("d", 1)}));
  const absl::Time now = absl::FromUnixSeconds(2);
  ASSERT_OK_AND_ASSIGN(uint64_t swept, collection().SweepExpired(now, 1));
  EXPECT_EQ(swept, 1U);
  EXPECT_EQ(Found(), (std::vector<std::string>{"b", "c", "d"}));
  Reopen();
  ASSERT_OK_AND_ASSIGN(swept, collection().SweepExpired(now, 100));
  EXPECT_EQ(swept, 1U);
  ASSERT_OK_AND_ASSIGN(swept, collection().SweepExpired(now, 100));
  EXPECT_EQ(swept, 0U);
  EXPECT_EQ(Found(), (std::vector<std::string>{"c", "d"}));
  EXPECT_EQ(collection().last_op_id(), 6U);
  EXPECT_THAT(collection().SweepExpired(now, 0), BlamesField("limit"));
}

TEST_F(CollectionWriteTest, GetManySeesOneMoment) {
  ASSERT_OK(collection().Upsert({VersionedPut("a", 1), VersionedPut("b", 2)}));
  ASSERT_OK_AND_ASSIGN(const auto items,
                       collection().GetMany({"b", "x", "a"}, {}));
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(testing::VersionOf(*items[0]), 2);
  EXPECT_FALSE(items[1].has_value());
  EXPECT_EQ(items[2]->id, "a");
  EXPECT_THAT(collection().GetMany({"a", ""}, {}), BlamesField("ids"));
  const std::vector<std::string> many(kMaxItemsAtOnce + 1, "a");
  EXPECT_THAT(collection().GetMany(many, {}), BlamesField("ids"));
}

}  // namespace
}  // namespace likeness
