// How items with several vectors in a space are written and kept.
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/collection/repair_directory.h"
#include "engine/collection/verify_directory.h"
#include "gmock/gmock.h"
#include "tests/support/file_damage.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/collection/naive_search.h"
#include "tests/unit/collection/plane_vectors.h"

namespace likeness {
namespace {

using ::likeness::testing::AtDegrees;
using ::likeness::testing::BlamesField;
using ::likeness::testing::FilesBelow;
using ::likeness::testing::HitsOf;
using ::likeness::testing::NaiveSearchTest;
using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::OverwriteFile;
using ::likeness::testing::ReadFileOrFail;
using ::likeness::testing::SmallSegments;
using ::likeness::testing::TempDir;
using ::likeness::testing::Together;
using ::testing::HasSubstr;

using KeptVectorsTest = NaiveSearchTest;

TEST_F(KeptVectorsTest, VectorsComeBackInTheirOrderAfterAPatchAndARestart) {
  const std::vector<float> both = Together({AtDegrees(0), AtDegrees(120)});
  Put(PutOf("a", both));
  Mutation patch;
  patch.kind = Mutation::Kind::kPatch;
  patch.item.id = "a";
  patch.patch.set["colour"] = std::string("red");
  ASSERT_OK(collection().ApplyAtomically({patch}));
  for (const bool reopened : {false, true}) {
    if (reopened) {
      ASSERT_OK(collection().Compact());
      opened_ = {};
      opened_ = OpenTestCollection(dir_.path(), SmallSegments(64, 200));
    }
    ASSERT_OK_AND_ASSIGN(const ItemWithVectors whole,
                         collection().GetWithVectors("a", {}));
    EXPECT_EQ(whole.item.metadata.count("colour"), 1U);
    EXPECT_EQ(whole.vectors[Space::kSimilar], model_.at("a").vectors);
    SearchRequest request;
    request.target = AtDegrees(120);
    const SearchResult result = Search(request);
    ASSERT_EQ(result.hits.size(), 1U);
    EXPECT_EQ(result.hits[0].vector, 1U);
  }
  opened_ = {};
  ASSERT_OK_AND_ASSIGN(const VerifyReport report, VerifyDirectory(dir_.path()));
  EXPECT_TRUE(report.problems().empty());
}

TEST_F(KeptVectorsTest, ADamagedSegmentIsBuiltAnewWithAllOfThem) {
  Fill(150);
  ASSERT_OK(collection().Compact());
  opened_ = {};
  const std::string rows =
      FilesBelow(dir_.path() + "/segments/1", ".rows").at(0);
  OverwriteFile(rows, ReadFileOrFail(rows).substr(1));
  ASSERT_OK_AND_ASSIGN(const RepairReport repaired,
                       RepairDirectory(dir_.path()));
  EXPECT_TRUE(repaired.ok());
  EXPECT_FALSE(repaired.before.ok());
  EXPECT_EQ(repaired.rebuilt.size(), 1U);
  opened_ = OpenTestCollection(dir_.path(), SmallSegments(64, 200));
  SearchRequest request;
  request.exact = true;
  request.k = 150;
  const std::vector<float> query = RandomQuery();
  request.target = query;
  EXPECT_EQ(HitsOf(Search(request)), Find({.queries = {query}}));
}

// As many vectors in all, divided otherwise among the items.
TEST_F(KeptVectorsTest, ASegmentThatGivesAVectorToAnotherItemIsFound) {
  const auto fill = [](const std::string& folder, int first) {
    const auto opened = OpenTestCollection(folder, SmallSegments(64, 200));
    for (const int id : {0, 1}) {
      std::vector<std::vector<float>> vectors(id == first ? 2 : 1,
                                              AtDegrees(0));
      ASSERT_OK(opened.collection->Upsert(
          {PutOf(absl::StrCat("item", id), Together(vectors))}));
    }
    ASSERT_OK(opened.collection->Compact());
  };
  const TempDir other;
  const TempDir data;
  fill(data.path(), 0);
  fill(other.path(), 1);
  ASSERT_OK_AND_ASSIGN(const VerifyReport before, VerifyDirectory(data.path()));
  EXPECT_TRUE(before.problems().empty());
  OverwriteFile(
      FilesBelow(data.path() + "/segments/1", ".rows").at(0),
      ReadFileOrFail(FilesBelow(other.path() + "/segments/1", ".rows").at(0)));
  ASSERT_OK_AND_ASSIGN(const VerifyReport after, VerifyDirectory(data.path()));
  ASSERT_EQ(after.problems().size(), 2U);
  EXPECT_THAT(after.problems()[0].what,
              HasSubstr("has another vector of the space similar"));
}

TEST_F(KeptVectorsTest, AnotherOrderOrNumberOfVectorsIsAChange) {
  Mutation put = PutOf("a", Together({AtDegrees(0), AtDegrees(120)}));
  Put(put);
  put.condition.kind = Condition::Kind::kChanged;
  const auto change_of = [&](const std::vector<float>& vectors) {
    put.vectors[Space::kSimilar] = vectors;
    const auto outcome = collection().ApplyAtomically({put});
    EXPECT_OK(outcome);
    return outcome.ok() ? outcome->front().change : Outcome::Change::kAbsent;
  };
  EXPECT_EQ(change_of(Together({AtDegrees(0), AtDegrees(120)})),
            Outcome::Change::kUnchanged);
  EXPECT_EQ(change_of(Together({AtDegrees(120), AtDegrees(0)})),
            Outcome::Change::kReplaced);
  EXPECT_EQ(change_of(AtDegrees(120)), Outcome::Change::kReplaced);
  EXPECT_EQ(change_of(AtDegrees(120)), Outcome::Change::kUnchanged);
}

// So that the exact search of what is not sealed yet stays as short as it is
// for items with one vector.
TEST_F(KeptVectorsTest, TheGrowingSegmentIsFrozenByItsVectors) {
  for (int i = 0; i < 8; ++i) {
    Put(PutOf(absl::StrCat("item", i),
              Together(std::vector<std::vector<float>>(16, AtDegrees(i)))));
  }
  // Frozen at 64 vectors, four items: two segments, and the growing one's start
  // waits for the next item.
  EXPECT_EQ(collection().stats().rows, 8U);
  EXPECT_GE(collection().stats().segments, 2U);
  Put(PutOf("last", AtDegrees(0)));
  ASSERT_OK(collection().Compact());
  EXPECT_EQ(collection().stats().sealed_segments, 1U);
  EXPECT_EQ(collection().size(), 9U);
}

TEST_F(KeptVectorsTest, BadOnesAreRefusedAndNamed) {
  Mutation put =
      PutOf("a", Together(std::vector<std::vector<float>>(65, AtDegrees(0))));
  EXPECT_THAT(collection().Upsert({put}), BlamesField("vectors.similar"));
  put.vectors[Space::kSimilar] =
      Together({AtDegrees(0), AtDegrees(1), AtDegrees(2)});
  put.vectors[Space::kSimilar].pop_back();
  EXPECT_THAT(collection().Upsert({put}), BlamesField("vectors.similar"));
  put.vectors[Space::kSimilar].push_back(
      std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT(collection().Upsert({put}), BlamesField("vectors.similar[2]"));
  EXPECT_EQ(collection().size(), 0U);
}

}  // namespace
}  // namespace likeness
