// Items and collections for the tests of this folder.
#ifndef LIKENESS_TESTS_UNIT_COLLECTION_TEST_ITEMS_H_
#define LIKENESS_TESTS_UNIT_COLLECTION_TEST_ITEMS_H_

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "engine/collection/collection.h"
#include "engine/collection/collection_set.h"

namespace likeness::testing {

inline constexpr int kSimilarDimensions = 8;
inline constexpr int kCopyDimensions = 5;

// Spaces of kSimilarDimensions and kCopyDimensions, the caller's own model.
CollectionSpec TestSpec(absl::string_view name = "test");

std::vector<float> RandomVector(int dimensions, std::mt19937_64& random);

// A put of `id` with a vector in each space that both follow from `version`,
// which also stands in its metadata.
Mutation VersionedPut(absl::string_view id, int64_t version);

// The vector of VersionedPut.
std::vector<float> VersionedVector(Space space, absl::string_view id,
                                   int64_t version);

int64_t VersionOf(const Item& item);

// Opens `folder`, and the collection of TestSpec in it, made when missing.
struct OpenedCollection {
  std::unique_ptr<CollectionSet> set;
  std::shared_ptr<Collection> collection;
};
OpenedCollection OpenTestCollection(const std::string& folder,
                                    const SegmentOptions& options = {});

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_COLLECTION_TEST_ITEMS_H_
