// What an EmbeddedCollection does with its current view alone.
#include <memory>
#include <utility>
#include <vector>

#include "engine/collection/embedded_collection.h"
#include "engine/collection/view_sample.h"
#include "engine/collection/view_search.h"
#include "engine/collection/view_stats.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"

namespace likeness {

void EmbeddedCollection::RenewView() {
  auto snapshot = store_->Snapshot();
  if (snapshot.ok()) views_->Renew(*std::move(snapshot));
}

void EmbeddedCollection::SetIndexOptions(const IndexOptions& options) {
  auto changed = std::make_shared<CollectionSpec>(*spec_.load());
  changed->index = options;
  builder_.SetOptions(options_.With(options));
  spec_.store(std::move(changed));
}

absl::StatusOr<std::vector<float>> EmbeddedCollection::SampleVectors(
    Space space, size_t count, uint64_t seed) const {
  RETURN_IF_ERROR(CheckInStep());
  const int dimensions = spec_.load()->dimensions[space];
  if (dimensions == 0) {
    return InvalidField("space", "the collection has no such space");
  }
  return SampleView(*views_->Current(), space, static_cast<size_t>(dimensions),
                    count, seed);
}

CollectionStats EmbeddedCollection::stats() const {
  const IndexOptions chosen = spec_.load()->index;
  CollectionStats stats = StatsOf(*views_->Current(), options_.With(chosen));
  stats.index = Merge(chosen, options_.index_rule());
  stats.opened = opened_;
  stats.built = builder_.status();
  stats.compaction = compactor_.state();
  return stats;
}

absl::StatusOr<SearchResult> EmbeddedCollection::Search(
    const SearchRequest& request) const {
  RETURN_IF_ERROR(CheckInStep());
  const std::shared_ptr<const CollectionSpec> spec = spec_.load();
  if (request.recall_target.has_value() ||
      !spec->index.recall_target.has_value()) {
    return SearchView(*views_->Current(), *spec, request);
  }
  SearchRequest asked = request;
  asked.recall_target = spec->index.recall_target;
  return SearchView(*views_->Current(), *spec, asked);
}

}  // namespace likeness
