#include "tools/model_answer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "engine/core/space.h"
#include "tools/remote_client.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kShownItems = 20;

Json GenerationJson(const v1::ModelGeneration& generation) {
  return {{"model_id", generation.model_id()},
          {"items", generation.item_count()},
          {"unembedded", generation.unembedded_count()},
          {"op_id", generation.last_op_id()}};
}

std::string GenerationText(const v1::ModelGeneration& generation) {
  return absl::StrFormat("model %s, %d items, %d of them without vectors",
                         generation.model_id(), generation.item_count(),
                         generation.unembedded_count());
}

std::string StartTime(const v1::ModelChange& change) {
  return absl::FormatTime(absl::FromUnixSeconds(change.start_time().seconds()) +
                          absl::Nanoseconds(change.start_time().nanos()));
}

double Seconds(const google::protobuf::Duration& duration) {
  return static_cast<double>(duration.seconds()) + 1e-9 * duration.nanos();
}

double PicturesPerSecond(const v1::ReembedProgress& progress) {
  const double seconds = Seconds(progress.work_time());
  return seconds > 0 ? static_cast<double>(progress.embedded()) / seconds : 0;
}

// While a server embeds: how fast, and how long still.
std::string PaceText(const v1::ModelChange& change) {
  if (change.operations_left() == 0 || !change.progress().has_time_left()) {
    return "";
  }
  const double left = std::ceil(Seconds(change.progress().time_left()));
  return absl::StrFormat("  %.1f operations/s, about %s left\n",
                         change.progress().operations_per_second(),
                         absl::FormatDuration(absl::Seconds(left)));
}

Json Ids(const google::protobuf::RepeatedPtrField<std::string>& ids) {
  return std::vector<std::string>(ids.begin(), ids.end());
}

Json CountsJson(const v1::ReembedProgress& progress) {
  Json by_reason = Json::object();
  std::vector<std::string> reasons;
  for (const auto& [reason, count] : progress.unembedded_by_reason()) {
    reasons.push_back(reason);
  }
  std::sort(reasons.begin(), reasons.end());
  for (const std::string& reason : reasons) {
    by_reason[reason] = progress.unembedded_by_reason().at(reason);
  }
  return {{"operations", progress.operations()},
          {"embedded", progress.embedded()},
          {"reused", progress.reused()},
          {"unembedded", progress.unembedded()},
          {"deleted", progress.deleted()},
          {"superseded", progress.superseded()},
          {"unembedded_by_reason", std::move(by_reason)}};
}

}  // namespace

Json StatusJson(const v1::ModelChange& change) {
  Json json = {{"collection", change.collection()},
               {"switched", change.switched()},
               {"started", StartTime(change)},
               {"current", GenerationJson(change.current())},
               {"other", GenerationJson(change.other())},
               {"operations_left", change.operations_left()}};
  if (change.progress().operations_per_second() > 0) {
    json["operations_per_second"] = change.progress().operations_per_second();
  }
  if (change.progress().has_time_left()) {
    json["seconds_left"] = Seconds(change.progress().time_left());
  }
  if (!change.error().empty()) json["error"] = change.error();
  return json;
}

std::string StatusText(const v1::ModelChange& change) {
  std::string text = absl::StrCat(
      change.collection(), ": since ", StartTime(change), ", ",
      change.switched() ? "switched" : "not switched yet",
      "\n  current: ", GenerationText(change.current()),
      "\n  other:   ", GenerationText(change.other()), ", ",
      change.operations_left(), " operations behind\n", PaceText(change));
  if (!change.error().empty()) {
    absl::StrAppend(&text, "  does not go on: ", change.error(), "\n");
  }
  return text;
}

Json UnembeddedJson(const v1::UnembeddedItem& item) {
  return {{"id", item.id()},
          {"source", item.source()},
          {"reason", item.reason()},
          {"message", item.message()}};
}

std::string UnembeddedText(const v1::UnembeddedItem& item) {
  return absl::StrCat(item.id(), "\t", item.reason(), "\t", item.message(),
                      "\n");
}

Json ReembedJson(const v1::ModelChange& change, const absl::Status& status,
                 const std::vector<v1::UnembeddedItem>& unembedded) {
  Json items = Json::array();
  for (const v1::UnembeddedItem& item : unembedded) {
    items.push_back(UnembeddedJson(item));
  }
  Json json = CountsJson(change.progress());
  json["complete"] = status.ok();
  json["interrupted"] = absl::IsCancelled(status);
  json["error"] = std::string(status.message());
  json["seconds"] = Seconds(change.progress().work_time());
  json["pictures_per_second"] = PicturesPerSecond(change.progress());
  json["status"] = StatusJson(change);
  json["unembedded_items"] = std::move(items);
  return json;
}

std::string ReembedText(const v1::ModelChange& change,
                        const std::vector<v1::UnembeddedItem>& unembedded) {
  const v1::ReembedProgress& progress = change.progress();
  std::string text = absl::StrFormat(
      "operations %d = embedded %d + reused %d + without vectors %d + deleted "
      "%d + superseded %d\nembedded %.1f pictures/s over %.1f s\n",
      progress.operations(), progress.embedded(), progress.reused(),
      progress.unembedded(), progress.deleted(), progress.superseded(),
      PicturesPerSecond(progress), Seconds(progress.work_time()));
  absl::StrAppend(&text, StatusText(change));
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

Json OverlapJson(const v1::SpaceOverlap& overlap) {
  Json worst = Json::array();
  for (const v1::OverlapExample& example : overlap.worst()) {
    worst.push_back({{"id", example.id()},
                     {"overlap", example.overlap()},
                     {"current", Ids(example.current_ids())},
                     {"other", Ids(example.other_ids())}});
  }
  return {{"queries", overlap.queries()},
          {"mean", overlap.mean()},
          {"lowest_tenth", overlap.lowest_tenth()},
          {"same_first", overlap.same_first()},
          {"worst", std::move(worst)}};
}

std::string OverlapText(const v1::SpaceOverlap& overlap) {
  std::string text = absl::StrFormat(
      "%s: overlap %.3f on average, %.3f or less for one query in ten, the "
      "same first result for %.1f %%; %d queries\n",
      SpaceName(FromWire(overlap.space())), overlap.mean(),
      overlap.lowest_tenth(), 100 * overlap.same_first(), overlap.queries());
  for (const v1::OverlapExample& example : overlap.worst()) {
    absl::StrAppend(&text, absl::StrFormat("  %.3f  %s\n", example.overlap(),
                                           example.id()));
  }
  return text;
}

}  // namespace likeness
