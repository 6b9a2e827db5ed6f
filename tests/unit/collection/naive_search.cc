#include "tests/unit/collection/naive_search.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "engine/collection/item_rules.h"
#include "engine/core/distance.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_seed.h"

namespace likeness::testing {
namespace {

using Vectors = std::vector<std::vector<float>>;

// The vectors that `values` are one behind the other.
Vectors Apart(const std::vector<float>& values) {
  Vectors vectors;
  for (auto at = values.begin(); at != values.end(); at += kSimilarDimensions) {
    vectors.emplace_back(at, at + kSimilarDimensions);
  }
  return vectors;
}

std::vector<float> Unit(std::vector<float> vector) {
  EXPECT_OK(NormalizeVector("", kSimilarDimensions, vector));
  return vector;
}

float Nearest(const Vectors& queries, const Vectors& vectors) {
  float similarity = -2;
  for (const std::vector<float>& query : queries) {
    for (const std::vector<float>& vector : vectors) {
      similarity = std::max(similarity, CosineSimilarity(query, vector));
    }
  }
  return similarity;
}

}  // namespace

void PrintTo(const NaiveHit& hit, std::ostream* out) {
  *out << hit.id << " at " << hit.similarity;
}

std::vector<NaiveHit> HitsOf(const SearchResult& result) {
  std::vector<NaiveHit> hits;
  for (const Hit& hit : result.hits) hits.push_back({hit.id, hit.similarity});
  return hits;
}

NaiveSearchTest::NaiveSearchTest()
    : seed_(TestSeed()),
      random_(seed_),
      opened_(OpenTestCollection(dir_.path(), SmallSegments(64, 200))) {}

std::vector<float> NaiveSearchTest::RandomQuery() {
  return RandomVector(kSimilarDimensions, random_);
}

Mutation NaiveSearchTest::RandomPut(const std::string& id,
                                    const std::string& product) {
  std::vector<float> vectors = RandomQuery();
  while (random_() % 3 == 0) {
    const std::vector<float> more = RandomQuery();
    vectors.insert(vectors.end(), more.begin(), more.end());
  }
  if (random_() % 10 == 0) vectors.clear();
  if (!model_.empty() && random_() % 5 == 0) {
    vectors = model_.at(RandomId()).vectors;
  }
  return PutOf(id, std::move(vectors), product);
}

Mutation NaiveSearchTest::PutOf(const std::string& id,
                                std::vector<float> vectors,
                                const std::string& product) {
  Mutation put;
  put.item.id = id;
  if (!product.empty()) put.item.metadata["product"] = product;
  put.vectors[Space::kSimilar] = std::move(vectors);
  put.vectors[Space::kCopy] = std::vector<float>(kCopyDimensions, 1);
  return put;
}

void NaiveSearchTest::Put(std::vector<Mutation> puts) {
  std::vector<SearchedItem> items;
  for (const Mutation& put : puts) {
    SearchedItem& item = items.emplace_back();
    for (const auto& vector : Apart(put.vectors[Space::kSimilar])) {
      const std::vector<float> unit = Unit(vector);
      item.vectors.insert(item.vectors.end(), unit.begin(), unit.end());
    }
    const auto product = put.item.metadata.find("product");
    if (product != put.item.metadata.end()) {
      item.product = std::get<std::string>(product->second);
    }
  }
  ASSERT_OK_AND_ASSIGN(const auto op_ids, collection().Upsert(puts));
  for (size_t i = 0; i < items.size(); ++i) {
    items[i].op_id = op_ids[i];
    model_[puts[i].item.id] = std::move(items[i]);
  }
}

void NaiveSearchTest::Put(Mutation put) {
  Put(std::vector<Mutation>{std::move(put)});
}

void NaiveSearchTest::Delete(const std::string& id) {
  ASSERT_OK(collection().Delete({id}));
  model_.erase(id);
}

void NaiveSearchTest::Fill(int count, int products) {
  std::vector<Mutation> puts;
  for (int i = 0; i < count; ++i) {
    const auto number = random_() % static_cast<uint64_t>(products);
    puts.push_back(
        RandomPut(absl::StrCat("item", i),
                  random_() % 5 < 2 ? absl::StrCat("product", number) : ""));
    if (puts.size() == 50) Put(std::exchange(puts, {}));
  }
  Put(std::move(puts));
}

std::string NaiveSearchTest::RandomId() {
  auto item = model_.begin();
  std::advance(item, random_() % model_.size());
  return item->first;
}

std::vector<NaiveHit> NaiveSearchTest::Find(const Wanted& wanted) const {
  Vectors queries;
  for (const auto& query : wanted.queries) queries.push_back(Unit(query));
  for (const std::string& id : wanted.item_queries) {
    for (auto& query : Apart(model_.at(id).vectors)) {
      queries.push_back(std::move(query));
    }
  }
  std::vector<std::tuple<float, uint64_t, std::string>> found;
  for (const auto& [id, item] : model_) {
    if (item.vectors.empty() || item.op_id > wanted.as_of ||
        wanted.excluded.contains(id)) {
      continue;
    }
    const float similarity = Nearest(queries, Apart(item.vectors));
    if (similarity < wanted.min_similarity) continue;
    found.emplace_back(-similarity, item.op_id, id);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::vector<NaiveHit>> groups;
  std::map<std::string, size_t> group_of;
  for (const auto& [negated, op_id, id] : found) {
    const std::string& product = model_.at(id).product;
    size_t group = groups.size();
    if (wanted.grouped && !product.empty()) {
      group = group_of.try_emplace(product, group).first->second;
    }
    if (group == groups.size()) groups.emplace_back();
    if (groups[group].size() == wanted.group_size) continue;
    groups[group].push_back({id, -negated});
  }
  groups.resize(std::min(groups.size(), wanted.groups));
  std::vector<NaiveHit> hits;
  for (const auto& group : groups) {
    hits.insert(hits.end(), group.begin(), group.end());
  }
  return hits;
}

SearchResult NaiveSearchTest::Search(const SearchRequest& request) {
  auto result = collection().Search(request);
  EXPECT_OK(result);
  return result.ok() ? *std::move(result) : SearchResult();
}

}  // namespace likeness::testing
