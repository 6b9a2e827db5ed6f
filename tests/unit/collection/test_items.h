// Items and collections for the tests of this folder.
#ifndef LIKENESS_TESTS_UNIT_COLLECTION_TEST_ITEMS_H_
#define LIKENESS_TESTS_UNIT_COLLECTION_TEST_ITEMS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "engine/collection/collection.h"
#include "engine/collection/collection_set.h"
#include "engine/index/sealed_index.h"

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

// Segments of so few rows that some hundred items make several.
SegmentOptions SmallSegments(size_t growing_rows, size_t min_graph_rows);

// Opens `folder`, and the collection of TestSpec in it, made when missing.
struct OpenedCollection {
  std::unique_ptr<CollectionSet> set;
  std::shared_ptr<Collection> collection;
};
OpenedCollection OpenTestCollection(const std::string& folder,
                                    const SegmentOptions& options = {});

// Holds up what builds segments, from its first step until Open.
class HeldBuilds {
 public:
  HeldBuilds() = default;
  ~HeldBuilds() { Open(); }
  HeldBuilds(const HeldBuilds&) = delete;
  HeldBuilds& operator=(const HeldBuilds&) = delete;

  // For SegmentOptions::pace; may outlive this.
  BuildPace pace() const;

  // Waits until so many threads are held up.
  void AwaitHeld(int threads) const;

  void Open() const;

 private:
  struct State {
    absl::Mutex mutex;
    int held ABSL_GUARDED_BY(mutex) = 0;
    bool open ABSL_GUARDED_BY(mutex) = false;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_COLLECTION_TEST_ITEMS_H_
