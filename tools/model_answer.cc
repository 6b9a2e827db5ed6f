#include "tools/model_answer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/core/space.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kShownItems = 20;

Json GenerationJson(const Collection& generation) {
  return {{"model_id", generation.spec().model_id},
          {"items", generation.size()},
          {"unembedded", generation.stats().unembedded_items},
          {"op_id", generation.last_op_id()}};
}

std::string GenerationText(const Collection& generation) {
  return absl::StrFormat("model %s, %d items, %d of them without vectors",
                         generation.spec().model_id, generation.size(),
                         generation.stats().unembedded_items);
}

uint64_t Left(const Generations& generations) {
  return generations.current->last_op_id() - generations.other->last_op_id();
}

double PicturesPerSecond(const ReembedResult& result) {
  const double seconds = absl::ToDoubleSeconds(result.elapsed);
  return seconds > 0 ? static_cast<double>(result.counts.embedded) / seconds
                     : 0;
}

}  // namespace

Json StatusJson(const Generations& generations) {
  return {{"collection", generations.current->spec().name},
          {"switched", generations.switched},
          {"started", absl::FormatTime(generations.started)},
          {"current", GenerationJson(*generations.current)},
          {"other", GenerationJson(*generations.other)},
          {"operations_left", Left(generations)}};
}

std::string StatusText(const Generations& generations) {
  return absl::StrCat(generations.current->spec().name, ": since ",
                      absl::FormatTime(generations.started), ", ",
                      generations.switched ? "switched" : "not switched yet",
                      "\n  current: ", GenerationText(*generations.current),
                      "\n  other:   ", GenerationText(*generations.other), ", ",
                      Left(generations), " operations behind\n");
}

Json UnembeddedJson(const Item& item) {
  return {{"id", item.id},
          {"source", item.source},
          {"reason", item.unembedded->reason},
          {"message", item.unembedded->message}};
}

std::string UnembeddedText(const Item& item) {
  return absl::StrCat(item.id, "\t", item.unembedded->reason, "\t",
                      item.unembedded->message, "\n");
}

Json ReembedJson(const ReembedResult& result, const Generations& generations,
                 const std::vector<Item>& unembedded) {
  const ReembedCounts& counts = result.counts;
  Json items = Json::array();
  for (const Item& item : unembedded) items.push_back(UnembeddedJson(item));
  return {{"operations", counts.operations},
          {"embedded", counts.embedded},
          {"reused", counts.reused},
          {"unembedded", counts.unembedded},
          {"deleted", counts.deleted},
          {"superseded", counts.superseded},
          {"unembedded_by_reason", counts.unembedded_by_reason},
          {"complete", result.status.ok()},
          {"interrupted", absl::IsCancelled(result.status)},
          {"error", std::string(result.status.message())},
          {"seconds", absl::ToDoubleSeconds(result.elapsed)},
          {"pictures_per_second", PicturesPerSecond(result)},
          {"status", StatusJson(generations)},
          {"unembedded_items", std::move(items)}};
}

std::string ReembedText(const ReembedResult& result,
                        const Generations& generations,
                        const std::vector<Item>& unembedded) {
  const ReembedCounts& counts = result.counts;
  std::string text = absl::StrFormat(
      "operations %d = embedded %d + reused %d + without vectors %d + deleted "
      "%d + superseded %d\nembedded %.1f pictures/s over %.1f s\n",
      counts.operations, counts.embedded, counts.reused, counts.unembedded,
      counts.deleted, counts.superseded, PicturesPerSecond(result),
      absl::ToDoubleSeconds(result.elapsed));
  absl::StrAppend(&text, StatusText(generations));
  if (unembedded.empty()) return text;
  absl::StrAppend(&text,
                  "items without vectors of the new model: ", unembedded.size(),
                  "\n");
  for (size_t i = 0; i < std::min(unembedded.size(), kShownItems); ++i) {
    absl::StrAppend(&text, "  ", UnembeddedText(unembedded[i]));
  }
  if (unembedded.size() > kShownItems) {
    absl::StrAppend(&text, "  and ", unembedded.size() - kShownItems,
                    " more: likeness model unembedded\n");
  }
  return text;
}

Json OverlapJson(const SpaceOverlap& overlap) {
  Json worst = Json::array();
  for (const OverlapExample& example : overlap.worst) {
    worst.push_back({{"id", example.id},
                     {"overlap", example.overlap},
                     {"current", example.before},
                     {"other", example.after}});
  }
  return {{"queries", overlap.queries},
          {"mean", overlap.mean},
          {"lowest_tenth", overlap.lowest_tenth},
          {"same_first", overlap.same_first},
          {"worst", std::move(worst)}};
}

std::string OverlapText(const SpaceOverlap& overlap) {
  std::string text = absl::StrFormat(
      "%s: overlap %.3f on average, %.3f or less for one query in ten, the "
      "same first result for %.1f %%; %d queries\n",
      SpaceName(overlap.space), overlap.mean, overlap.lowest_tenth,
      100 * overlap.same_first, overlap.queries);
  for (const OverlapExample& example : overlap.worst) {
    absl::StrAppend(
        &text, absl::StrFormat("  %.3f  %s\n", example.overlap, example.id));
  }
  return text;
}

}  // namespace likeness
