// A collection beside a naive exact model, over random operations.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness {
namespace {

using ::likeness::testing::OpenTestCollection;
using ::likeness::testing::RandomVector;
using ::likeness::testing::VersionOf;

constexpr int kOperations = 20'000;
constexpr int kIds = 300;
constexpr double kTolerance = 1e-5;

double Cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

struct ModelItem {
  int64_t version = 0;
  ItemVectors vectors;
};

class CollectionModelTest : public ::testing::Test {
 protected:
  CollectionModelTest() {
    const char* given = std::getenv("LIKENESS_TEST_SEED");
    seed_ = given != nullptr ? std::strtoull(given, nullptr, 10)
                             : std::random_device()();
    random_.seed(seed_);
  }

  Collection& collection() { return *opened_.collection; }
  std::string RandomId() { return absl::StrCat("item", random_() % kIds); }
  Space RandomSpace() {
    return random_() % 2 == 0 ? Space::kSimilar : Space::kCopy;
  }

  void Upsert();
  void Delete();
  void Get();
  void List();
  void Search();
  void CheckHits(const SearchResult& result, const SearchRequest& request,
                 const std::vector<float>& query, const std::string& left_out);

  testing::TempDir dir_;
  testing::OpenedCollection opened_ = OpenTestCollection(dir_.path());
  std::map<std::string, ModelItem> model_;
  uint64_t last_op_id_ = 0;
  int64_t next_version_ = 1;
  uint64_t seed_ = 0;
  std::mt19937_64 random_;
};

void CollectionModelTest::Upsert() {
  std::vector<Mutation> puts;
  const size_t count = random_() % 2 == 0 ? 1 + random_() % 12 : 1;
  for (size_t i = 0; i < count; ++i) {
    Mutation put;
    put.item.id = RandomId();
    put.item.metadata["version"] = next_version_;
    for (const Space space : kAllSpaces) {
      // Some items lack a space, some share a vector.
      if (space == Space::kCopy && random_() % 5 == 0) continue;
      put.vectors[space] =
          RandomVector(testing::TestSpec().dimensions[space], random_);
      if (!model_.empty() && random_() % 20 == 0) {
        const auto& other = model_.begin()->second.vectors[space];
        if (!other.empty()) put.vectors[space] = other;
      }
    }
    model_[put.item.id] = {next_version_++, put.vectors};
    puts.push_back(std::move(put));
  }
  ASSERT_OK_AND_ASSIGN(const auto op_ids, collection().Upsert(puts));
  ASSERT_EQ(op_ids.size(), count);
  for (const uint64_t op_id : op_ids) ASSERT_EQ(op_id, ++last_op_id_);
}

void CollectionModelTest::Delete() {
  std::vector<std::string> ids;
  for (size_t i = 0; i <= random_() % 5; ++i) ids.push_back(RandomId());
  ASSERT_OK_AND_ASSIGN(const auto op_ids, collection().Delete(ids));
  for (size_t i = 0; i < ids.size(); ++i) {
    ASSERT_EQ(op_ids[i], model_.erase(ids[i]) == 1 ? ++last_op_id_ : 0);
  }
}

void CollectionModelTest::Get() {
  const std::string id = RandomId();
  const auto item = collection().Get(id, {});
  const auto expected = model_.find(id);
  ASSERT_EQ(item.ok(), expected != model_.end()) << item.status();
  if (!item.ok()) {
    ASSERT_TRUE(absl::IsNotFound(item.status()));
    return;
  }
  ASSERT_EQ(VersionOf(*item), expected->second.version);
}

void CollectionModelTest::List() {
  const std::string start = random_() % 3 == 0 ? "" : RandomId();
  const int limit = 1 + static_cast<int>(random_() % 50);
  ASSERT_OK_AND_ASSIGN(const ItemPage page,
                       collection().List(start, limit, {}));
  auto expected = model_.lower_bound(start);
  for (const Item& item : page.items) {
    ASSERT_NE(expected, model_.end());
    ASSERT_EQ(item.id, expected->first);
    ASSERT_EQ(VersionOf(item), expected->second.version);
    ++expected;
  }
  ASSERT_EQ(page.next_id, expected == model_.end() ? "" : expected->first);
}

void CollectionModelTest::Search() {
  SearchRequest request;
  request.space = RandomSpace();
  request.k = 1 + static_cast<int>(random_() % 30);
  if (random_() % 3 == 0) request.min_similarity = 0.3F;
  request.min_op_id = random_() % 2 == 0 ? last_op_id_ : 0;
  std::vector<float> query =
      RandomVector(testing::TestSpec().dimensions[request.space], random_);
  request.target = query;
  std::string left_out;
  if (random_() % 3 == 0) {
    const std::string id = RandomId();
    const auto item = model_.find(id);
    request.target = id;
    if (item == model_.end() || item->second.vectors[request.space].empty()) {
      ASSERT_TRUE(absl::IsNotFound(collection().Search(request).status()));
      return;
    }
    query = item->second.vectors[request.space];
    left_out = id;
  }
  ASSERT_OK_AND_ASSIGN(const SearchResult result, collection().Search(request));
  CheckHits(result, request, query, left_out);
}

void CollectionModelTest::CheckHits(const SearchResult& result,
                                    const SearchRequest& request,
                                    const std::vector<float>& query,
                                    const std::string& left_out) {
  ASSERT_EQ(result.op_id, last_op_id_);
  ASSERT_TRUE(result.exact);
  std::vector<double> all;
  size_t surely = 0;
  for (const auto& [id, item] : model_) {
    if (item.vectors[request.space].empty() || id == left_out) continue;
    const double cosine = Cosine(query, item.vectors[request.space]);
    all.push_back(cosine);
    if (cosine >= request.min_similarity + kTolerance) ++surely;
  }
  std::sort(all.rbegin(), all.rend());
  const auto k = static_cast<size_t>(request.k);
  ASSERT_GE(result.hits.size(), std::min(k, surely));
  ASSERT_LE(result.hits.size(), std::min(k, all.size()));
  for (size_t i = 0; i < result.hits.size(); ++i) {
    const Hit& hit = result.hits[i];
    const auto expected = model_.find(hit.id);
    ASSERT_NE(expected, model_.end()) << hit.id << " came back";
    ASSERT_NE(hit.id, left_out);
    ASSERT_EQ(VersionOf(*hit.item), expected->second.version);
    ASSERT_NEAR(hit.similarity,
                Cosine(query, expected->second.vectors[request.space]),
                kTolerance);
    ASSERT_NEAR(hit.similarity, all[i], kTolerance);
    ASSERT_GE(hit.similarity, request.min_similarity);
  }
}

TEST_F(CollectionModelTest, AnswersAsANaiveModelDoes) {
  RecordProperty("seed", std::to_string(seed_));
  SCOPED_TRACE(absl::StrCat("run again with LIKENESS_TEST_SEED=", seed_));
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
  for (int i = 0; i < kOperations; ++i) {
    // Few writes, each of several items: every one waits for the disk.
    const uint64_t dice = random_() % 1000;
    if (dice < 2) {
      opened_ = {};
      opened_ = OpenTestCollection(dir_.path());
    } else if (dice < 120) {
      Upsert();
    } else if (dice < 180) {
      Delete();
    } else if (dice < 330) {
      Get();
    } else if (dice < 400) {
      List();
    } else {
      Search();
    }
    ASSERT_FALSE(HasFatalFailure()) << "operation " << i;
    ASSERT_EQ(collection().size(), model_.size());
    ASSERT_EQ(collection().last_op_id(), last_op_id_);
  }
}

}  // namespace
}  // namespace likeness
