// A collection and a naive model of what a search of it must find.
#ifndef LIKENESS_TESTS_UNIT_COLLECTION_NAIVE_SEARCH_H_
#define LIKENESS_TESTS_UNIT_COLLECTION_NAIVE_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_files.h"
#include "tests/unit/collection/test_items.h"

namespace likeness::testing {

// What the model knows of an item.
struct SearchedItem {
  // Of unit length, one behind the other; empty: none.
  std::vector<float> vectors;
  uint64_t op_id = 0;
  std::string product;  // Its metadata field "product"; empty: none.
};

// A hit as the model sees it.
struct NaiveHit {
  std::string id;
  float similarity = 0;

  friend bool operator==(const NaiveHit&, const NaiveHit&) = default;
};
void PrintTo(const NaiveHit& hit, std::ostream* out);

std::vector<NaiveHit> HitsOf(const SearchResult& result);

// Items in small segments, some sealed, and the same items in a map. Some items
// have equal vectors, some several, some none in the space that is searched
// (similar).
class NaiveSearchTest : public ::testing::Test {
 protected:
  NaiveSearchTest();

  Collection& collection() { return *opened_.collection; }
  std::vector<float> RandomQuery();

  // An item to put; with random vectors, with those of an earlier item, or with
  // none, unless they are given.
  Mutation RandomPut(const std::string& id, const std::string& product = "");
  static Mutation PutOf(const std::string& id, std::vector<float> vectors,
                        const std::string& product = "");
  void Put(std::vector<Mutation> puts);
  void Put(Mutation put);
  void Delete(const std::string& id);
  // `count` items, two in five of them with one of `products` products.
  void Fill(int count, int products = 20);
  std::string RandomId();

  // All that qualifies, in the order of answers: the similarity to the nearest
  // query, equal ones by age.
  struct Wanted {
    std::vector<std::vector<float>> queries = {};  // Of any length.
    // Items that are queries, with the vectors that are kept of them: those are
    // not normalized again, which might change their last bits.
    std::vector<std::string> item_queries = {};
    float min_similarity = -1;
    std::set<std::string> excluded = {};
    uint64_t as_of = std::numeric_limits<uint64_t>::max();
    bool grouped = false;   // By product.
    size_t group_size = 1;  // Of each group so many, which stand together.
    size_t groups = std::numeric_limits<size_t>::max();
  };
  std::vector<NaiveHit> Find(const Wanted& wanted) const;

  SearchResult Search(const SearchRequest& request);

  const uint64_t seed_;
  std::mt19937_64 random_;
  const TempDir dir_;
  OpenedCollection opened_;
  std::map<std::string, SearchedItem> model_;
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_COLLECTION_NAIVE_SEARCH_H_
