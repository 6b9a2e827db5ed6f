#include "engine/train/best_so_far.h"

#include <cmath>

#include "engine/core/error.h"
#include "engine/core/json_reader.h"
#include "engine/core/status_macros.h"
#include "nlohmann/json.hpp"

namespace likeness {

bool BestSoFar::Observe(double metric, double min_improvement) {
  ++evaluations;
  const bool better = best_evaluation == 0 ? !std::isnan(metric)
                                           : metric > best + min_improvement;
  if (better) {
    best = metric;
    best_evaluation = evaluations;
  }
  return better;
}

nlohmann::json ToJson(const BestSoFar& best) {
  return {{"evaluations", best.evaluations},
          {"best_evaluation", best.best_evaluation},
          {"best", best.best}};
}

absl::StatusOr<BestSoFar> ParseBestSoFar(const nlohmann::json& json,
                                         absl::string_view field) {
  BestSoFar best;
  JsonReader reader(json, field);
  for (const char* key : {"evaluations", "best_evaluation", "best"}) {
    reader.Require(key);
  }
  reader.Read("evaluations", best.evaluations);
  reader.Read("best_evaluation", best.best_evaluation);
  reader.Read("best", best.best);
  RETURN_IF_ERROR(reader.Finish());
  if (best.best_evaluation < 0 || best.best_evaluation > best.evaluations) {
    return InvalidField(reader.PathOf("best_evaluation"),
                        "must be among the evaluations");
  }
  return best;
}

}  // namespace likeness
