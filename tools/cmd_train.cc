// likeness train: a recipe and pictures into a model bundle.
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/status_macros.h"
#include "engine/embed/load_embedder.h"
#include "engine/embed/model_bundle.h"
#include "engine/train/load_train.h"
#include "engine/train/recipe.h"
#include "engine/train/trainer.h"
#include "engine/train/training_data.h"
#include "engine/train/training_report.h"
#include "engine/train/validator.h"
#include "indexer/cancel.h"
#include "tools/commands.h"
#include "tools/model_path.h"
#include "tools/stop_signals.h"
#include "tools/train_log.h"

namespace likeness {
namespace {

constexpr uint64_t kMaxRecipeBytes = uint64_t{1} << 20;
constexpr uint64_t kMaxMetricsBytes = uint64_t{1} << 30;
constexpr size_t kConfusions = 24;
constexpr uint64_t kMegabyte = uint64_t{1} << 20;
constexpr int kMaxCacheMegabytes = 1 << 20;

struct TrainFlags {
  std::string recipe;
  std::string data = ".";
  std::string out;
  std::string start;
  std::string run;
  std::optional<uint64_t> seed;
  std::optional<uint64_t> split_seed;
  std::string device = "cpu";
  int workers = 0;
  int cache_megabytes = 2048;
};

absl::StatusOr<Recipe> ReadRecipe(const TrainFlags& flags) {
  ASSIGN_OR_RETURN(const std::string text,
                   ReadFile(flags.recipe, kMaxRecipeBytes));
  absl::StatusOr<Recipe> recipe =
      ParseRecipe(text, {.run = flags.seed, .split = flags.split_seed});
  if (!recipe.ok()) return WithContext(recipe.status(), flags.recipe);
  return recipe;
}

nlohmann::ordered_json ResultJson(const ValidationResult& result) {
  return {{"score", result.score}, {"metrics", result.metrics}};
}

void PrintResult(const TrainFlags& flags, const TrainResult& result,
                 const std::string& id, const CommandContext& context) {
  if (context.json) {
    PrintJson({{"bundle", flags.out},
               {"model_id", id},
               {"steps", result.steps},
               {"best_step", result.best_step},
               {"before", ResultJson(result.first)},
               {"best", ResultJson(result.best)}});
    return;
  }
  std::cout << "Trained for " << result.steps << " steps; "
            << (result.best.metrics.empty() ? "nothing was validated, the kept"
                                            : "the best")
            << " weights are those of step " << result.best_step << ".\n";
  for (const auto& [name, value] : result.best.metrics) {
    const auto before = result.first.metrics.find(name);
    std::cout << "  " << name << ": " << Percent(value);
    if (before != result.first.metrics.end()) {
      std::cout << " (before training " << Percent(before->second) << ")";
    }
    std::cout << "\n";
  }
  std::cout << "Model " << id.substr(0, 12) << " in " << flags.out
            << "; how it went: " << flags.run << "/report.html\n";
}

// report.html in the run folder.
absl::Status WriteReport(const TrainFlags& flags, const Recipe& recipe,
                         const Validator& validator, const ModelBundle& bundle,
                         TrainingData& data) {
  ASSIGN_OR_RETURN(const std::string metrics,
                   ReadFile(flags.run + "/metrics.jsonl", kMaxMetricsBytes));
  ASSIGN_OR_RETURN(const LoadedBatch batch, data.Load(0));
  ASSIGN_OR_RETURN(const std::vector<Confusion> confusions,
                   validator.FindConfusions(bundle, kConfusions));
  ASSIGN_OR_RETURN(const ReportPage page,
                   MakeTrainingReport(recipe, metrics, batch, confusions));
  ASSIGN_OR_RETURN(const std::string html, RenderReport(page));
  return WriteFileDurably(flags.run + "/report.html", html);
}

absl::Status RunTrain(TrainFlags flags, const CommandContext& context) {
  ASSIGN_OR_RETURN(const Recipe recipe, ReadRecipe(flags));
  if (flags.run.empty()) flags.run = flags.out + ".run";
  CancelToken cancel;
  ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                   StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
  std::optional<ModelBundle> start;
  if (!recipe.network.random_start) {
    ASSIGN_OR_RETURN(const std::string folder, FindModel(flags.start));
    ASSIGN_OR_RETURN(start, ModelBundle::Load(folder));
  }
  ASSIGN_OR_RETURN(const auto train, LoadTrain());
  TrainOptions options;
  options.start = start.has_value() ? &*start : nullptr;
  options.checkpoint = flags.run + "/checkpoint.safetensors";
  ASSIGN_OR_RETURN(options.device, ParseTrainDevice(flags.device));
  options.threads = flags.workers > 0
                        ? flags.workers
                        : static_cast<int>(std::thread::hardware_concurrency());
  ASSIGN_OR_RETURN(const std::unique_ptr<TrainLog> log,
                   TrainLog::Open(flags.run, recipe, context.quiet, cancel));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<TrainingData> data,
      TrainingData::Make(
          recipe, {.root = flags.data,
                   .threads = options.threads,
                   .cache_bytes = static_cast<uint64_t>(flags.cache_megabytes) *
                                  kMegabyte}));
  RETURN_IF_ERROR(log->WriteData(*data));
  ASSIGN_OR_RETURN(const std::unique_ptr<Validator> validator,
                   Validator::Make(recipe, data->sets(), options.threads,
                                   [](const ModelBundle& bundle) {
                                     return MakeUnbatchedEmbedder(bundle, {});
                                   }));
  ASSIGN_OR_RETURN(const TrainResult result,
                   train(recipe, options, *data, *validator, *log));
  RETURN_IF_ERROR(log->Finish(*data));
  ASSIGN_OR_RETURN(const std::string card,
                   SealCard(result.card, result.weights));
  ASSIGN_OR_RETURN(const ModelBundle bundle,
                   ModelBundle::Parse(card, result.weights));
  RETURN_IF_ERROR(WriteReport(flags, recipe, *validator, bundle, *data));
  if (!result.finished) {
    return absl::CancelledError(absl::StrCat(
        "interrupted after step ", result.steps, " of ", recipe.steps,
        "; the same command goes on from there (", flags.run, ")"));
  }
  RETURN_IF_ERROR(SaveModelBundle(flags.out, card, result.weights));
  PrintResult(flags, result, bundle.id, context);
  return absl::OkStatus();
}

}  // namespace

void AddTrainCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<TrainFlags>();
  CLI::App* command = AddCommand(
      app, "train",
      "Train a network by a recipe and write it as a model bundle.\n"
      "A recipe (JSON, see docs/training.md) names data sets, how batches are "
      "drawn and\nvaried, losses, and the validation that the best weights are "
      "chosen by. Classes for\nvalidation and test are kept apart. Interrupted "
      "(Ctrl-C), the same command goes on\nwhere it stopped and ends as if "
      "nothing had happened. The run folder holds the\ncheckpoint, "
      "metrics.jsonl, the splits and report.html.",
      "  likeness train --recipe recipes/catalogue.json --data photos/ \\\n"
      "    --out models/mine\n"
      "  likeness train --recipe r.json --data d/ --out m --start m-before/\n");
  command->add_option("--recipe", flags->recipe, "Recipe, JSON")->required();
  command->add_option("--data", flags->data,
                      "Folder that the recipe's paths are below");
  command->add_option("--out", flags->out, "Folder of the new bundle")
      ->required();
  command->add_option("--start", flags->start,
                      "Bundle to begin with (default: the installed model)");
  command->add_option(
      "--run", flags->run,
      "Folder of checkpoint, log and report (default: OUT.run)");
  command->add_option("--seed", flags->seed, "Instead of the recipe's seed")
      ->check(CLI::Range(uint64_t{0}, uint64_t{kMaxSeed}));
  command
      ->add_option("--split-seed", flags->split_seed,
                   "Instead of the recipe's split_seed, for every set")
      ->check(CLI::Range(uint64_t{0}, uint64_t{kMaxSeed}));
  command
      ->add_option("--cache", flags->cache_megabytes,
                   "Decoded pictures kept in memory, megabytes")
      ->check(CLI::Range(1, kMaxCacheMegabytes));
  command
      ->add_option("--device", flags->device,
                   "Where the network runs: cpu, or cuda where LibTorch has it")
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  AddSetting(*command, context, "--workers", flags->workers,
             "Threads (0: one for each core); results don't depend on it")
      ->check(CLI::Range(0, 1024));
  AddJsonFlag(*command, context);
  AddQuietFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("train", RunTrain(*flags, context));
  });
}

}  // namespace likeness
