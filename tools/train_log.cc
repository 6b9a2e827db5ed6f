#include "tools/train_log.h"

#include <filesystem>
#include <iostream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/status_macros.h"
#include "engine/dataset/split.h"
#include "nlohmann/json.hpp"

namespace likeness {
namespace {

constexpr int64_t kBalanceSteps = 100;

}  // namespace

std::string Percent(double share) {
  return absl::StrFormat("%.1f %%", 100 * share);
}

TrainLog::TrainLog(const std::string& folder, const Recipe& recipe, bool quiet,
                   const CancelToken& cancel)
    : folder_(folder),
      steps_(recipe.steps),
      quiet_(quiet),
      cancel_(cancel),
      metrics_(folder + "/metrics.jsonl", std::ios::app),
      status_line_(kSlowRedraw) {}

absl::StatusOr<std::unique_ptr<TrainLog>> TrainLog::Open(
    const std::string& folder, const Recipe& recipe, bool quiet,
    const CancelToken& cancel) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("can't make ", folder, ": ", error.message()));
  }
  std::unique_ptr<TrainLog> log(new TrainLog(folder, recipe, quiet, cancel));
  if (!log->metrics_.is_open()) {
    return absl::UnavailableError(
        absl::StrCat("can't write ", folder, "/metrics.jsonl"));
  }
  return log;
}

absl::Status TrainLog::WriteData(const TrainingData& data) {
  for (size_t i = 0; i < data.sets().size(); ++i) {
    RETURN_IF_ERROR(WriteSplit(
        absl::StrCat(folder_, "/split-", data.sets()[i].name, ".json"),
        data.splits()[i]));
  }
  if (quiet_) return absl::OkStatus();
  for (const DataSummary& set : data.Summaries()) {
    std::cerr << set.name << ": " << set.training_pictures << " pictures of "
              << set.training_classes << " classes for training, of "
              << set.classes << " classes\n";
  }
  for (const std::string& line : data.Balance(kBalanceSteps)) {
    std::cerr << line << "\n";
  }
  return absl::OkStatus();
}

void TrainLog::OnStep(const StepReport& report) {
  ++steps_done_;
  pictures_ += report.pictures;
  time_ += report.time;
  metrics_ << nlohmann::json{{"step", report.step},
                             {"seconds", absl::ToDoubleSeconds(report.time)},
                             {"learning_rate", report.learning_rate},
                             {"gradient_norm", report.gradient_norm},
                             {"losses", report.losses}}
                  .dump()
           << "\n";
  const bool first = steps_done_ == 1;  // Says at once that it has begun.
  if (quiet_ || !(first || status_line_.Due())) return;
  const double seconds = absl::ToDoubleSeconds(time_);
  const double left = seconds / static_cast<double>(steps_done_) *
                      static_cast<double>(steps_ - report.step);
  const auto total = report.losses.find("total");
  status_line_.Show(absl::StrFormat(
      "step %d of %d, %.1f pictures/s, loss %.3f, %s", report.step, steps_,
      static_cast<double>(pictures_) / seconds,
      total == report.losses.end() ? 0 : total->second, TimeLeft(left)));
}

void TrainLog::OnValidation(int64_t step, const ValidationResult& result,
                            bool best) {
  metrics_ << nlohmann::json{{"step", step},
                             {"score", result.score},
                             {"best", best},
                             {"metrics", result.metrics}}
                  .dump()
           << "\n"
           << std::flush;
  if (quiet_) return;
  status_line_.Wipe();
  std::cerr << "validation after step " << step << ": score "
            << Percent(result.score) << (best ? ", the best so far" : "")
            << "\n";
  for (const auto& [name, value] : result.metrics) {
    std::cerr << "  " << name << " " << Percent(value) << "\n";
  }
}

absl::Status TrainLog::Finish(const TrainingData& data) {
  status_line_.Wipe();
  for (const BrokenPicture& picture : data.broken()) {
    std::cerr << picture.path << ": " << picture.status.message()
              << " (replaced by others " << picture.times << " times)\n";
  }
  metrics_.flush();
  if (!metrics_) {
    return absl::UnavailableError(
        absl::StrCat("could not write ", folder_, "/metrics.jsonl"));
  }
  return absl::OkStatus();
}

}  // namespace likeness
