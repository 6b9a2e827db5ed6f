#ifndef LIKENESS_TOOLS_TRAIN_LOG_H_
#define LIKENESS_TOOLS_TRAIN_LOG_H_

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/train/recipe.h"
#include "engine/train/trainer.h"
#include "engine/train/training_data.h"
#include "indexer/cancel.h"
#include "tools/status_line.h"

namespace likeness {

// "57.4 %".
std::string Percent(double share);

// Tells people how a training goes, on standard error and in the run folder:
// metrics.jsonl (a line for each step and validation; an interrupted training
// goes on behind the old lines), split-NAME.json. Not thread-safe.
class TrainLog : public TrainObserver {
 public:
  // Makes `folder`. Stops the training when `cancel` says so; borrows it.
  static absl::StatusOr<std::unique_ptr<TrainLog>> Open(
      const std::string& folder, const Recipe& recipe, bool quiet,
      const CancelToken& cancel);

  // The splits, and what the streams draw.
  absl::Status WriteData(const TrainingData& data);

  void OnStep(const StepReport& report) override;
  void OnValidation(int64_t step, const ValidationResult& result,
                    bool best) override;
  bool ShouldStop() override { return cancel_.cancelled(); }

  // Says which pictures were broken. UNAVAILABLE when the log could not be
  // written.
  absl::Status Finish(const TrainingData& data);

 private:
  TrainLog(const std::string& folder, const Recipe& recipe, bool quiet,
           const CancelToken& cancel);

  const std::string folder_;
  const int64_t steps_;
  const bool quiet_;
  const CancelToken& cancel_;
  std::ofstream metrics_;
  StatusLine status_line_;
  int64_t steps_done_ = 0;  // In this run,
  int64_t pictures_ = 0;    // and how long they took.
  absl::Duration time_;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_TRAIN_LOG_H_
