#include "engine/train/training_report.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "engine/core/status_macros.h"
#include "engine/image/encode.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

using Json = nlohmann::json;
using Curve = std::vector<std::pair<double, double>>;

constexpr int kThumbnailSide = 128;
constexpr size_t kTriplets = 8;

// Every number of metrics.jsonl against its step.
struct Curves {
  std::map<std::string, Curve> losses;
  std::map<std::string, Curve> validation;  // With "score".
  Curve learning_rate;
};

void AddNumbers(const Json& object, bool losses, double step,
                std::map<std::string, Curve>& curves) {
  for (const auto& [name, value] : object.items()) {
    // Names with a dot in a loss's are statistics of it, on other scales.
    if (value.is_number() && !(losses && absl::StrContains(name, '.'))) {
      curves[name].emplace_back(step, value.get<double>());
    }
  }
}

Curves ReadCurves(absl::string_view metrics) {
  Curves curves;
  for (const absl::string_view line : absl::StrSplit(metrics, '\n')) {
    const Json json = Json::parse(line.begin(), line.end(), /*cb=*/nullptr,
                                  /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("step") ||
        !json["step"].is_number()) {
      continue;
    }
    const double step = json["step"].get<double>();
    if (json.contains("losses")) {
      AddNumbers(json["losses"], /*losses=*/true, step, curves.losses);
      curves.learning_rate.emplace_back(step, json.value("learning_rate", 0.0));
    }
    if (json.contains("metrics")) {
      AddNumbers(json["metrics"], /*losses=*/false, step, curves.validation);
      curves.validation["score"].emplace_back(step, json.value("score", 0.0));
    }
  }
  return curves;
}

Chart MakeChart(const std::string& title, const std::string& y_label,
                const std::map<std::string, Curve>& curves) {
  Chart chart;
  chart.title = title;
  chart.x_label = "step";
  chart.y_label = y_label;
  for (const auto& [name, points] : curves) {
    chart.series.push_back({name, points});
  }
  return chart;
}

ReportSection ShowCurves(const Curves& curves) {
  ReportSection section;
  section.heading = "Curves";
  section.table = {{"validation", "at first", "best", "at last"}};
  const auto percent = [](double share) {
    return absl::StrFormat("%.1f %%", 100 * share);
  };
  for (const auto& [name, points] : curves.validation) {
    double best = points.front().second;
    for (const auto& [step, value] : points) best = std::max(best, value);
    section.table.push_back({name, percent(points.front().second),
                             percent(best), percent(points.back().second)});
  }
  section.charts = {
      MakeChart("Validation", "0..1, larger is better", curves.validation),
      MakeChart("Losses before their weights", "", curves.losses),
      MakeChart("Learning rate", "",
                {{"learning rate", curves.learning_rate}})};
  return section;
}

absl::StatusOr<ReportPicture> Show(const Image& image, std::string caption,
                                   std::string detail) {
  ReportPicture picture;
  ASSIGN_OR_RETURN(picture.jpeg, MakeThumbnail(image, kThumbnailSide));
  picture.caption = std::move(caption);
  picture.detail = std::move(detail);
  return picture;
}

// The place of another view for `anchor`: of its class, or of its picture where
// it has no class (`alike`), or else of another in the same stream. The batch's
// size: there is none.
size_t FindPartner(const LoadedBatch& batch, size_t anchor, bool alike) {
  for (size_t i = 0; i < batch.views.size(); ++i) {
    if (i == anchor || batch.streams[i] != batch.streams[anchor]) continue;
    const bool same = batch.labels[anchor] >= 0
                          ? batch.labels[i] == batch.labels[anchor]
                          : batch.instances[i] == batch.instances[anchor];
    if (same == alike) return i;
  }
  return batch.views.size();
}

absl::StatusOr<ReportSection> ShowTriplets(const Recipe& recipe,
                                           const LoadedBatch& batch) {
  ReportSection section;
  section.heading = "Views as the network gets them";
  section.text =
      "An anchor, a positive and a negative of the first batch, after "
      "augmentation.";
  const size_t size = batch.views.size();
  for (size_t i = 0; i < kTriplets && size > 0; ++i) {
    const size_t anchor = i * size / kTriplets;
    const size_t positive = FindPartner(batch, anchor, /*alike=*/true);
    const size_t negative = FindPartner(batch, anchor, /*alike=*/false);
    if (positive == size || negative == size) continue;
    const std::string& stream =
        recipe.streams[static_cast<size_t>(batch.streams[anchor])].name;
    ReportRow row;
    ASSIGN_OR_RETURN(row.query, Show(batch.views[anchor],
                                     absl::StrCat("anchor, ", stream), ""));
    ASSIGN_OR_RETURN(row.answers.emplace_back(),
                     Show(batch.views[positive], "positive", ""));
    ASSIGN_OR_RETURN(row.answers.emplace_back(),
                     Show(batch.views[negative], "negative", ""));
    row.answers.back().good = false;
    section.rows.push_back(std::move(row));
  }
  return section;
}

absl::StatusOr<ReportPicture> ShowAnswer(const Confusion::Shown& shown,
                                         const char* what) {
  ASSIGN_OR_RETURN(
      ReportPicture picture,
      Show(*shown.pixels, absl::StrCat(what, shown.class_name), shown.path));
  picture.similarities.emplace_back("cosine", shown.similarity);
  return picture;
}

absl::StatusOr<ReportSection> ShowConfusions(
    absl::Span<const Confusion> confusions) {
  ReportSection section;
  section.heading = "Hardest confusions";
  section.text =
      confusions.empty()
          ? "No validation picture is nearer to another class than to its own."
          : "Validation pictures whose nearest neighbour is of another class, "
            "the worst first, beside the nearest of their own.";
  for (const Confusion& confusion : confusions) {
    ReportRow row;
    ASSIGN_OR_RETURN(row.query,
                     Show(*confusion.query.pixels, confusion.query.class_name,
                          confusion.query.path));
    ASSIGN_OR_RETURN(row.answers.emplace_back(),
                     ShowAnswer(confusion.wrong, "wrong: "));
    row.answers.back().good = false;
    ASSIGN_OR_RETURN(row.answers.emplace_back(),
                     ShowAnswer(confusion.right, "right: "));
    section.rows.push_back(std::move(row));
  }
  return section;
}

}  // namespace

absl::StatusOr<ReportPage> MakeTrainingReport(
    const Recipe& recipe, absl::string_view metrics, const LoadedBatch& batch,
    absl::Span<const Confusion> confusions) {
  const Curves curves = ReadCurves(metrics);
  ReportPage page;
  page.title = absl::StrCat("Training of ", recipe.name);
  page.subtitle = "Validation classes are none that the network is trained on.";
  page.facts = {{"architecture", recipe.network.architecture},
                {"seed", absl::StrCat(recipe.seed)},
                {"steps", absl::StrCat(recipe.steps)}};
  page.sections.push_back(ShowCurves(curves));
  ASSIGN_OR_RETURN(page.sections.emplace_back(), ShowConfusions(confusions));
  ASSIGN_OR_RETURN(page.sections.emplace_back(), ShowTriplets(recipe, batch));
  return page;
}

}  // namespace likeness
