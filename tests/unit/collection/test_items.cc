#include "tests/unit/collection/test_items.h"

#include <cstdlib>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace likeness::testing {

CollectionSpec TestSpec(absl::string_view name) {
  CollectionSpec spec;
  spec.name = std::string(name);
  spec.dimensions[Space::kSimilar] = kSimilarDimensions;
  spec.dimensions[Space::kCopy] = kCopyDimensions;
  return spec;
}

std::vector<float> RandomVector(int dimensions, std::mt19937_64& random) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(static_cast<size_t>(dimensions));
  for (float& value : vector) value = normal(random);
  return vector;
}

std::vector<float> VersionedVector(Space space, absl::string_view id,
                                   int64_t version) {
  std::mt19937_64 random(std::hash<std::string>()(
      absl::StrCat(id, "/", version, "/", SpaceName(space))));
  return RandomVector(TestSpec().dimensions[space], random);
}

Mutation VersionedPut(absl::string_view id, int64_t version) {
  Mutation put;
  put.item.id = std::string(id);
  put.item.metadata["version"] = version;
  for (const Space space : kAllSpaces) {
    put.vectors[space] = VersionedVector(space, id, version);
  }
  return put;
}

int64_t VersionOf(const Item& item) {
  return std::get<int64_t>(item.metadata.at("version"));
}

SegmentOptions SmallSegments(size_t growing_rows, size_t min_graph_rows) {
  SegmentOptions options;
  options.growing_rows = growing_rows;
  options.min_graph_rows = min_graph_rows;
  return options;
}

OpenedCollection OpenTestCollection(const std::string& folder,
                                    const SegmentOptions& options) {
  OpenedCollection opened;
  auto set = CollectionSet::Open(folder, /*create=*/true, options);
  if (!set.ok()) {
    ADD_FAILURE() << set.status();
    std::abort();
  }
  opened.set = *std::move(set);
  auto collection = opened.set->Get("test");
  if (absl::IsNotFound(collection.status())) {
    collection = opened.set->Create(TestSpec());
  }
  if (!collection.ok()) {
    ADD_FAILURE() << collection.status();
    std::abort();
  }
  opened.collection = *std::move(collection);
  return opened;
}

BuildPace HeldBuilds::pace() const {
  return [state = state_] {
    absl::MutexLock lock(&state->mutex);
    ++state->held;
    state->mutex.Await(absl::Condition(&state->open));
    --state->held;
    return true;
  };
}

void HeldBuilds::AwaitHeld(int threads) const {
  State& state = *state_;
  const auto enough = [&state, threads]() ABSL_SHARED_LOCKS_REQUIRED(
                          state.mutex) { return state.held >= threads; };
  absl::MutexLock lock(&state.mutex);
  state.mutex.Await(absl::Condition(&enough));
}

void HeldBuilds::Open() const {
  absl::MutexLock lock(&state_->mutex);
  state_->open = true;
}

}  // namespace likeness::testing
