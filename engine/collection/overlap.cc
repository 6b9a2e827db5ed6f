#include "engine/collection/overlap.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/random.h"
#include "engine/core/status_macros.h"

namespace likeness {
namespace {

constexpr int kMaxSample = 100'000;
constexpr int kMaxResults = 1000;

absl::Status CheckRange(absl::string_view field, int value, int low, int high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return InvalidField(
      field, absl::StrCat("is ", value, ", must be ", low, " to ", high));
}

absl::Status CheckWanted(const std::function<absl::Status()>& still_wanted) {
  return still_wanted ? still_wanted() : absl::OkStatus();
}

// Each set of that many ids equally likely (Vitter, "Random sampling with a
// reservoir", 1985, algorithm R).
absl::StatusOr<std::vector<std::string>> SampleIds(
    const Collection& collection, size_t count, Random& random,
    const std::function<absl::Status()>& still_wanted) {
  std::vector<std::string> ids;
  size_t seen = 0;
  std::string start;
  do {
    RETURN_IF_ERROR(CheckWanted(still_wanted));
    ASSIGN_OR_RETURN(ItemPage page,
                     collection.List(start, kMaxItemsAtOnce, {}));
    for (Item& item : page.items) {
      if (item.unembedded.has_value()) continue;
      ++seen;
      if (ids.size() < count) {
        ids.push_back(std::move(item.id));
      } else if (const size_t place = random.Below(seen); place < count) {
        ids[place] = std::move(item.id);
      }
    }
    start = std::move(page.next_id);
  } while (!start.empty());
  return ids;
}

// The ids like `id`'s; nullopt when there is no such item, or none with a
// vector in the space.
absl::StatusOr<std::optional<std::vector<std::string>>> Ask(
    const Collection& collection, const std::string& id, Space space, int k) {
  SearchRequest request;
  request.target = id;
  request.space = space;
  request.k = k;
  request.exact = true;
  request.with_items = false;
  absl::StatusOr<SearchResult> found = collection.Search(request);
  if (absl::IsNotFound(found.status())) return std::nullopt;
  RETURN_IF_ERROR(found.status());
  std::vector<std::string> ids;
  ids.reserve(found->hits.size());
  for (Hit& hit : found->hits) ids.push_back(std::move(hit.id));
  return ids;
}

double Overlap(const std::vector<std::string>& a,
               const std::vector<std::string>& b) {
  const size_t longer = std::max(a.size(), b.size());
  if (longer == 0) return 1;
  const std::set<std::string> in_a(a.begin(), a.end());
  const auto both =
      std::count_if(b.begin(), b.end(),
                    [&](const std::string& id) { return in_a.contains(id); });
  return static_cast<double>(both) / static_cast<double>(longer);
}

bool IsWorse(const OverlapExample& a, const OverlapExample& b) {
  return std::tie(a.overlap, a.id) < std::tie(b.overlap, b.id);
}

// Sums up the queries of one space. Of their results it keeps the worst
// examples alone: those of all would be gigabytes.
class OverlapSummary {
 public:
  explicit OverlapSummary(size_t worst) : worst_(worst) {}

  void Add(OverlapExample answer) {
    overlaps_.push_back(answer.overlap);
    sum_ += answer.overlap;
    if (FirstOf(answer.before) == FirstOf(answer.after)) ++same_first_;
    examples_.push_back(std::move(answer));
    std::push_heap(examples_.begin(), examples_.end(), IsWorse);
    if (examples_.size() <= worst_) return;
    std::pop_heap(examples_.begin(), examples_.end(), IsWorse);
    examples_.pop_back();
  }

  bool empty() const { return overlaps_.empty(); }

  // Requires !empty(). Leaves no examples behind.
  SpaceOverlap Take(Space space) {
    const auto count = static_cast<double>(overlaps_.size());
    const auto tenth = overlaps_.begin() +
                       static_cast<std::ptrdiff_t>((overlaps_.size() - 1) / 10);
    std::nth_element(overlaps_.begin(), tenth, overlaps_.end());
    std::sort_heap(examples_.begin(), examples_.end(), IsWorse);
    return {.space = space,
            .queries = overlaps_.size(),
            .mean = sum_ / count,
            .lowest_tenth = *tenth,
            .same_first = static_cast<double>(same_first_) / count,
            .worst = std::move(examples_)};
  }

 private:
  static std::string FirstOf(const std::vector<std::string>& ids) {
    return ids.empty() ? std::string() : ids.front();
  }

  const size_t worst_;
  std::vector<double> overlaps_;
  double sum_ = 0;
  size_t same_first_ = 0;
  std::vector<OverlapExample> examples_;  // A heap, the best of them on top.
};

}  // namespace

absl::Status OverlapOptions::Validate() const {
  RETURN_IF_ERROR(CheckRange("sample", sample, 1, kMaxSample));
  RETURN_IF_ERROR(CheckRange("k", k, 1, kMaxResults));
  return CheckRange("worst", worst, 0, kMaxResults);
}

absl::StatusOr<std::vector<SpaceOverlap>> MeasureOverlap(
    const Collection& before, const Collection& after,
    const OverlapOptions& options,
    const std::function<absl::Status()>& still_wanted) {
  RETURN_IF_ERROR(options.Validate());
  Random random(options.seed);
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   SampleIds(after, static_cast<size_t>(options.sample), random,
                             still_wanted));
  std::vector<SpaceOverlap> overlaps;
  for (const Space space : kAllSpaces) {
    if (before.spec().dimensions[space] == 0 ||
        after.spec().dimensions[space] == 0) {
      continue;
    }
    OverlapSummary summary(static_cast<size_t>(options.worst));
    for (const std::string& id : ids) {
      RETURN_IF_ERROR(CheckWanted(still_wanted));
      ASSIGN_OR_RETURN(auto old_ids, Ask(before, id, space, options.k));
      ASSIGN_OR_RETURN(auto new_ids, Ask(after, id, space, options.k));
      if (!old_ids.has_value() || !new_ids.has_value()) continue;
      const double overlap = Overlap(*old_ids, *new_ids);
      summary.Add({id, overlap, *std::move(old_ids), *std::move(new_ids)});
    }
    if (!summary.empty()) overlaps.push_back(summary.Take(space));
  }
  return overlaps;
}

}  // namespace likeness
