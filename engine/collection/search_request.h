// What a search is asked, and what it answers.
#ifndef LIKENESS_ENGINE_COLLECTION_SEARCH_REQUEST_H_
#define LIKENESS_ENGINE_COLLECTION_SEARCH_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/core/space.h"
#include "engine/filter/filter.h"
#include "engine/index/vector_index.h"
#include "engine/store/item.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// Most examples of either kind, and most items to leave out, in one search.
inline constexpr size_t kMaxExamples = 32;
inline constexpr size_t kMaxExcluded = 1000;

// Most vectors that the examples of one search may come to: an item has
// several, and the nearest decides.
inline constexpr size_t kMaxQueryVectors = 128;

// Most items of one group in an answer.
inline constexpr int kMaxGroupSize = 100;

// What negatives weigh beside positives when nothing is said: .15 to .75, as in
// Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 9.1.1.
inline constexpr float kDefaultNegativeWeight = 0.2F;

// A vector of the space's dimensions (normalised by the collection), or the id
// of an item, which is then left out of the result. Of an item with several
// vectors all are looked for: the nearest decides; among several examples of
// which the mean counts, their mean does.
using Example = std::variant<std::vector<float>, std::string>;

enum class ExampleRule : uint8_t {
  // One query: the mean of the positives less negative_weight times the mean of
  // the negatives, all of unit length, and so is the query (Rocchio, Relevance
  // feedback in information retrieval, 1971).
  kMean,
  // An item is as similar as to the nearest of the positives; no negatives.
  kBest,
};

struct Examples {
  std::vector<Example> positives = {};  // 1..kMaxExamples.
  std::vector<Example> negatives = {};  // 0..kMaxExamples.
  ExampleRule rule = ExampleRule::kMean;
  float negative_weight = kDefaultNegativeWeight;  // 0..1.
};

// What a search looks for: an Example, or several.
using SearchTarget = std::variant<std::vector<float>, std::string, Examples>;

// Where a page of hits begins: behind the last hit of the page before.
struct SearchCursor {
  float similarity = 0;  // Of that hit, ...
  uint64_t op_id = 0;    // ... and what wrote it.
  uint64_t as_of = 0;    // The operation that the first page had come to.
  uint64_t depth = 0;    // Hits on all pages before.
  // The unit vectors that the first page looked for, whatever became since of
  // the items that they came from.
  std::vector<std::vector<float>> queries = {};
};

struct SearchRequest {
  SearchTarget target;
  Space space = Space::kSimilar;
  int k = 10;                    // 1..1'000.
  float min_similarity = -1.0F;  // Inclusive, cosine, -1..1.
  uint64_t min_op_id = 0;        // The operation that the search must see.
  bool exact = false;  // Examine every item, also where a graph is there.
  // Otherwise: the share of the k nearest to find, above 0 and below 1 (none:
  // the collection's, IndexOptions::recall_target); or, not 0, the candidates
  // to keep in each graph (HNSW's efSearch), and the lists to scan of each IVF
  // index.
  std::optional<float> recall_target;
  int ef_search = 0;
  int nprobe = 0;
  bool with_items = true;  // Fill Hit::item.
  // Only items that pass. Its fields must be of types that the collection has
  // seen, or INVALID_ARGUMENT says in which column they are not.
  std::optional<Filter> filter;
  // Items that are not answered, at most kMaxExcluded; there need be none.
  std::vector<std::string> exclude_ids;
  // Not empty: a metadata field, by whose values items are grouped; one without
  // the field is a group of its own. Answered are the k groups with the best
  // items, and of each the best group_size (1..kMaxGroupSize, and k times that
  // at most 1'000) items, which stand together.
  std::string group_by;
  int group_size = 1;
  // Answer in pages of k hits: fill SearchResult::next. Pages never repeat an
  // item, and pages that are exact together hold every item that qualifies, was
  // there for the first page, and still is. What is written in between is not
  // on them, be it a new version of an item that was there. Not with group_by.
  bool paged = false;
  std::optional<SearchCursor> after;  // The page behind this; implies paged.
  ReadParts parts;

  bool IsPaged() const { return paged || after.has_value(); }
};

// Both figures come from the stored float32 vectors in double precision: the
// same unit vector has similarity 1 and distance 0.
struct Hit {
  std::string id;
  float similarity = 0;  // Cosine, -1..1.
  float distance = 0;    // Euclidean of the unit vectors, 0..2.
  // Which of the item's vectors in the space is that near, in the order in
  // which they were put, and how many it has.
  uint32_t vector = 0;
  uint32_t vectors = 1;
  std::optional<Item> item;
};

struct SearchResult {
  // By falling similarity, the older first where equal: also groups by their
  // best, and the items of each.
  std::vector<Hit> hits;
  bool exact = false;  // No better item can have been missed.
  uint64_t candidates_examined = 0;
  // The result sees every operation up to this one; of a later page, what the
  // first one saw.
  uint64_t op_id = 0;
  // Of a search by groups: there are k, or there are no others.
  bool groups_complete = false;
  std::optional<SearchCursor> next;  // Paged: there are more hits.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_SEARCH_REQUEST_H_
