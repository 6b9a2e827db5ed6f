#include "engine/collection/overlap.h"

#include <algorithm>
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

// Each set of that many ids equally likely (Vitter, "Random sampling with a
// reservoir", 1985, algorithm R).
absl::StatusOr<std::vector<std::string>> SampleIds(const Collection& collection,
                                                   size_t count,
                                                   Random& random) {
  std::vector<std::string> ids;
  size_t seen = 0;
  std::string start;
  do {
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

// `answers` are not empty.
SpaceOverlap Summarize(Space space, std::vector<OverlapExample> answers,
                       int worst) {
  std::sort(answers.begin(), answers.end(), IsWorse);
  const auto count = static_cast<double>(answers.size());
  SpaceOverlap overlap;
  overlap.space = space;
  overlap.queries = answers.size();
  for (const OverlapExample& answer : answers) {
    overlap.mean += answer.overlap / count;
    const auto first = [](const std::vector<std::string>& ids) {
      return ids.empty() ? std::string() : ids.front();
    };
    if (first(answer.before) == first(answer.after)) {
      overlap.same_first += 1 / count;
    }
  }
  overlap.lowest_tenth = answers[(answers.size() - 1) / 10].overlap;
  answers.resize(std::min(answers.size(), static_cast<size_t>(worst)));
  overlap.worst = std::move(answers);
  return overlap;
}

}  // namespace

absl::Status OverlapOptions::Validate() const {
  RETURN_IF_ERROR(CheckRange("sample", sample, 1, kMaxSample));
  RETURN_IF_ERROR(CheckRange("k", k, 1, kMaxResults));
  return CheckRange("worst", worst, 0, kMaxResults);
}

absl::StatusOr<std::vector<SpaceOverlap>> MeasureOverlap(
    const Collection& before, const Collection& after,
    const OverlapOptions& options) {
  RETURN_IF_ERROR(options.Validate());
  Random random(options.seed);
  ASSIGN_OR_RETURN(
      const std::vector<std::string> ids,
      SampleIds(after, static_cast<size_t>(options.sample), random));
  std::vector<SpaceOverlap> overlaps;
  for (const Space space : kAllSpaces) {
    if (before.spec().dimensions[space] == 0 ||
        after.spec().dimensions[space] == 0) {
      continue;
    }
    std::vector<OverlapExample> answers;
    for (const std::string& id : ids) {
      ASSIGN_OR_RETURN(auto old_ids, Ask(before, id, space, options.k));
      ASSIGN_OR_RETURN(auto new_ids, Ask(after, id, space, options.k));
      if (!old_ids.has_value() || !new_ids.has_value()) continue;
      OverlapExample& answer = answers.emplace_back();
      answer.id = id;
      answer.overlap = Overlap(*old_ids, *new_ids);
      answer.before = *std::move(old_ids);
      answer.after = *std::move(new_ids);
    }
    if (answers.empty()) continue;
    overlaps.push_back(Summarize(space, std::move(answers), options.worst));
  }
  return overlaps;
}

}  // namespace likeness
