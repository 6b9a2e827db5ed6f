// likeness evaluate: what a model is worth, beside what it has to beat.
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/file.h"
#include "engine/core/file_source.h"
#include "engine/core/status_macros.h"
#include "engine/embed/model_bundle.h"
#include "engine/evaluate/evaluation.h"
#include "engine/evaluate/tasks.h"
#include "engine/report/report.h"
#include "tools/commands.h"
#include "tools/compared_networks.h"
#include "tools/count_progress.h"
#include "tools/model_path.h"
#include "tools/tested_data.h"

namespace likeness {
namespace {

struct EvaluateFlags {
  std::string task;
  std::string space;  // Empty: the task's own.
  TestedDataFlags data;
  ComparedNetworksOptions networks;
  std::string gallery = "iconic";
  size_t max_pairs = 500'000;
  EpisodeOptions episodes = {.within_group = true};
  CopyTaskOptions copies;
  std::vector<std::string> distractors;
  int resamples = 1000;
  uint64_t seed = 1;
  std::string html;
  std::string record;  // Name in the card; empty: nothing is kept.
};

// Files below the distractors' roots that are not in the data already.
absl::StatusOr<std::vector<std::string>> ListDistractors(
    const std::vector<std::string>& roots, const DataSet& data) {
  std::error_code error;
  std::set<std::string> known;
  for (const Sample& sample : data.samples) {
    known.insert(
        std::filesystem::weakly_canonical(sample.path, error).string());
  }
  std::vector<std::string> paths;
  FileSource source(roots, Repeats::kSkip);
  while (std::optional<FoundFile> found = source.Next()) {
    RETURN_IF_ERROR(found->status);
    const std::string canonical =
        std::filesystem::weakly_canonical(found->path, error).string();
    if (known.insert(canonical).second) paths.push_back(std::move(found->path));
  }
  return paths;
}

absl::StatusOr<Evaluation> RunTask(const EvaluateFlags& flags,
                                   const TaskInput& input) {
  if (flags.task == "retrieval") return EvaluateRetrieval(input, flags.gallery);
  if (flags.task == "verification") {
    return EvaluateVerification(input, flags.max_pairs);
  }
  if (flags.task == "one-shot") {
    EpisodeOptions episodes = flags.episodes;
    episodes.seed = flags.seed;
    return EvaluateOneShot(input, episodes);
  }
  CopyTaskOptions copies = flags.copies;
  copies.seed = flags.seed;
  ASSIGN_OR_RETURN(copies.distractors,
                   ListDistractors(flags.distractors, input.data));
  return EvaluateCopies(input, copies);
}

absl::Status Record(const EvaluateFlags& flags, const Evaluation& evaluation) {
  ASSIGN_OR_RETURN(const std::string folder, FindModel(flags.networks.model));
  return StoreMetrics(folder, flags.record, EvaluationRecord(evaluation));
}

absl::Status RunEvaluate(const EvaluateFlags& flags,
                         const CommandContext& context) {
  ASSIGN_OR_RETURN(TestedData tested, ReadTestedData(flags.data));
  ComparedNetworksOptions options = flags.networks;
  options.seed = flags.seed;
  const bool copies = flags.task == "copies";
  ASSIGN_OR_RETURN(options.space,
                   flags.space.empty()
                       ? (copies ? Space::kCopy : Space::kSimilar)
                       : ParseSpace(flags.space));
  ASSIGN_OR_RETURN(const ComparedNetworks compared,
                   LoadComparedNetworks(options));
  CountProgress progress("pictures", context.quiet);
  TaskInput input{.data = tested.data,
                  .tested = std::move(tested.tested),
                  .training = std::move(tested.training),
                  .networks = compared.networks};
  input.describe.workers = 2 * flags.networks.workers;
  input.describe.progress = [&progress](size_t done, size_t total) {
    progress.Update(done, total);
  };
  input.bootstrap = {.resamples = flags.resamples, .seed = flags.seed};
  absl::StatusOr<Evaluation> evaluation = RunTask(flags, input);
  progress.End();
  RETURN_IF_ERROR(evaluation.status());
  evaluation->setting.emplace_back("split", tested.split);
  evaluation->setting.emplace_back("judged side of the split", tested.side);
  if (!flags.record.empty()) RETURN_IF_ERROR(Record(flags, *evaluation));
  if (!flags.html.empty()) {
    ASSIGN_OR_RETURN(const std::string html,
                     RenderReport(EvaluationPage(*evaluation)));
    RETURN_IF_ERROR(WriteFileDurably(flags.html, html));
  }
  if (context.json) {
    PrintJson(EvaluationJson(*evaluation));
  } else {
    std::cout << EvaluationText(*evaluation);
  }
  return absl::OkStatus();
}

void AddTaskFlags(CLI::App& command, EvaluateFlags& flags) {
  command
      .add_option("--gallery", flags.gallery,
                  "retrieval: pictures of this group stand apart and are "
                  "asked about all classes")
      ->capture_default_str();
  command
      .add_option("--pairs", flags.max_pairs,
                  "verification: pairs of each kind, at most")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  command.add_option("--ways", flags.episodes.ways, "one-shot: classes")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  command
      .add_option("--shots", flags.episodes.shots,
                  "one-shot: examples of each class")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      .add_option("--episodes", flags.episodes.episodes, "one-shot: how many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_flag("--two-drawers", flags.episodes.two_drawers,
                   "one-shot: examples by one drawer, queries by another (the "
                   "group of a picture is its drawer)");
  command
      .add_option("--originals", flags.copies.originals,
                  "copies: pictures to make copies of")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      .add_option("--strong-copies", flags.copies.strong_copies,
                  "copies: of each original, with three to five strong edits")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command.add_option("--distractors", flags.distractors,
                     "copies: files and folders to hide the originals among");
  command
      .add_option("--second-look", flags.copies.second_look,
                  "copies: compare keypoints with so many of the model's best "
                  "answers too (0: none)")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
}

}  // namespace

void AddEvaluateCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* command = AddCommand(
      app, "evaluate",
      "Measure what a model is worth.\n"
      "Always beside a random network, the frozen ImageNet trunk with the same "
      "pooling,\na colour histogram, pHash and PDQ, with 95 % intervals. Judge "
      "a model on classes\nthat its training never saw: name the split.",
      "  likeness evaluate --model models/mine --data photos/ --task retrieval "
      "\\\n    --split run/split-photos.json --html report.html\n"
      "  likeness evaluate --data omniglot/ --task one-shot --ways 20 "
      "--two-drawers\n"
      "  likeness evaluate --data photos/ --task verification --record photos\n"
      "  likeness evaluate --data photos/ --task copies --distractors archive/ "
      "--json\n");
  command
      ->add_option("--task", flags->task,
                   "retrieval, verification, one-shot or copies")
      ->required()
      ->check(
          CLI::IsMember({"retrieval", "verification", "one-shot", "copies"}));
  AddTestedDataFlags(*command, flags->data);
  AddSetting(*command, context, "--model", flags->networks.model,
             "Folder of the model bundle");
  command->add_option("--frozen", flags->networks.frozen,
                      "Bundle of the frozen ImageNet network (default: the "
                      "installed one)");
  command->add_option("--space", flags->space,
                      "similar or copy (default: copy for copies, else "
                      "similar)");
  AddTaskFlags(*command, *flags);
  command
      ->add_option("--seed", flags->seed,
                   "Of episodes, edits, sampled pairs, the bootstrap and the "
                   "random network")
      ->capture_default_str();
  command->add_option("--resamples", flags->resamples, "Of the bootstrap")
      ->check(CLI::Range(10, 100'000))
      ->capture_default_str();
  command->add_option("--html", flags->html,
                      "Page with curves and the worst mistakes");
  command->add_option("--record", flags->record,
                      "Keep the figures in the bundle's card, under this name");
  AddSetting(*command, context, "--workers", flags->networks.workers,
             "Threads that run the network (0: one for each core)")
      ->check(CLI::Range(0, 1024));
  AddJsonFlag(*command, context);
  AddQuietFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("evaluate", RunEvaluate(*flags, context));
  });
}

}  // namespace likeness
