#include "engine/collection/verify_recall.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/collection/segment_views.h"
#include "engine/collection/view_search.h"
#include "engine/core/status_macros.h"
#include "engine/index/flat_index.h"

namespace likeness {
namespace {

constexpr size_t kSearches = 100;
constexpr int kNeighbors = 10;
constexpr size_t kGrowingRows = size_t{1} << 20;

// The operations of live items, evenly spread.
std::vector<uint64_t> SampleOps(const View& view) {
  const size_t step = std::max<size_t>(1, view.store->size() / kSearches);
  std::vector<uint64_t> op_ids;
  size_t seen = 0;
  for (const SegmentView& segment : view.segments) {
    ForEachSetBit(*segment.live, [&](size_t row) {
      if (seen++ % step == 0 && op_ids.size() < kSearches) {
        op_ids.push_back(segment.segment->OpIdOf(row));
      }
    });
  }
  return op_ids;
}

absl::Status SearchBothWays(const View& view, const CollectionSpec& spec,
                            SearchRequest& request, RecallSample& sample) {
  request.exact = true;
  ASSIGN_OR_RETURN(const SearchResult exact, SearchView(view, spec, request));
  request.exact = false;
  ASSIGN_OR_RETURN(const SearchResult usual, SearchView(view, spec, request));
  ++sample.searches;
  sample.neighbors += exact.hits.size();
  for (const Hit& hit : usual.hits) {
    // Another item that is as near is as good.
    if (hit.similarity >= exact.hits.back().similarity) ++sample.found;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SampleRecall(const DerivedPart& part, SealedViews sealed,
                          VerifyReport& report) {
  const CollectionSpec& spec = part.spec;
  ASSIGN_OR_RETURN(
      LiveSegments live,
      LiveSegments::Make(spec.dimensions, MakeFlatIndex, kGrowingRows));
  ASSIGN_OR_RETURN(
      const auto views,
      SegmentViews::Open(part.store, std::move(live), std::move(sealed)));
  const std::shared_ptr<const View> view = views->Current();
  ASSIGN_OR_RETURN(const auto items,
                   view->store->GetByOps(SampleOps(*view), ReadParts{}));
  for (const Space space : kAllSpaces) {
    if (spec.dimensions[space] == 0) continue;
    RecallSample sample;
    sample.name = part.name;
    sample.space = std::string(SpaceName(space));
    SearchRequest request;
    request.space = space;
    request.k = kNeighbors;
    request.with_items = false;
    for (const std::optional<Item>& item : items) {
      if (!item.has_value()) continue;
      ASSIGN_OR_RETURN(const ItemVectors vectors,
                       view->store->GetVectors(item->id));
      if (vectors[space].empty()) continue;
      // The first, where there are several.
      const auto first = vectors[space].begin();
      request.target =
          std::vector<float>(first, first + spec.dimensions[space]);
      RETURN_IF_ERROR(SearchBothWays(*view, spec, request, sample));
    }
    report.recall.push_back(std::move(sample));
  }
  return absl::OkStatus();
}

}  // namespace likeness
