#ifndef LIKENESS_ENGINE_TRAIN_TRAINING_REPORT_H_
#define LIKENESS_ENGINE_TRAIN_TRAINING_REPORT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "engine/report/report.h"
#include "engine/train/batch_loader.h"
#include "engine/train/recipe.h"
#include "engine/train/validator.h"

namespace likeness {

// A page about a training: curves from `metrics` (the lines of metrics.jsonl;
// lines that don't parse, such as the last one of a killed run, are skipped),
// triplets of views from `batch`, and `confusions`.
absl::StatusOr<ReportPage> MakeTrainingReport(
    const Recipe& recipe, absl::string_view metrics, const LoadedBatch& batch,
    absl::Span<const Confusion> confusions);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_TRAIN_TRAINING_REPORT_H_
