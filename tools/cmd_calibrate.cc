// likeness calibrate: what a similarity is worth, into the bundle's card.
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/core/error.h"
#include "engine/core/status_macros.h"
#include "engine/embed/model_bundle.h"
#include "engine/evaluate/calibrate.h"
#include "engine/evaluate/calibration_pairs.h"
#include "tools/commands.h"
#include "tools/count_progress.h"
#include "tools/local_engine.h"
#include "tools/model_path.h"
#include "tools/tested_data.h"

namespace likeness {
namespace {

struct CalibrateFlags {
  TestedDataFlags data;
  std::string model;
  std::string space = "both";
  CalibrateOptions fit;
  CopyTaskOptions copies;
  size_t max_pairs = 500'000;
  uint64_t seed = 1;
  std::string out;
  int workers = 0;
  const CLI::Option* precision_option = nullptr;
};

using Calibrations = PerSpace<std::optional<Calibration>>;

absl::StatusOr<Calibrations> Fit(const CalibrateFlags& flags,
                                 const TestedData& tested,
                                 const Embedder& embedder, bool quiet) {
  Calibrations fits;
  for (const Space space : kAllSpaces) {
    if (flags.space != "both" && flags.space != SpaceName(space)) continue;
    CountProgress progress(absl::StrCat("pictures for ", SpaceName(space)),
                           quiet);
    TaskInput input{.data = tested.data,
                    .tested = tested.tested,
                    .training = {},
                    .networks = {{.name = embedder.model().name,
                                  .embedder = &embedder,
                                  .space = space}}};
    input.describe.workers = 2 * flags.workers;
    input.describe.progress = [&progress](size_t done, size_t total) {
      progress.Update(done, total);
    };
    input.bootstrap.seed = flags.seed;
    CopyTaskOptions copies = flags.copies;
    copies.seed = flags.seed;
    const absl::StatusOr<CalibrationData> data =
        space == Space::kSimilar ? SimilarPairs(input, flags.max_pairs)
                                 : CopyPairs(input, copies, flags.max_pairs);
    progress.End();
    RETURN_IF_ERROR(data.status());
    for (const PictureFailure& failure : data->failures) {
      std::cerr << "left out " << failure.name << ": "
                << failure.status.message() << "\n";
    }
    CalibrateOptions options = flags.fit;
    options.data = data->text;
    ASSIGN_OR_RETURN(fits[space], Calibrate(data->pairs, options));
  }
  return fits;
}

std::string CalibrationText(Space space, const Calibration& fit) {
  std::string text = absl::StrFormat(
      "%s: %s, from %d matches and %d other pairs (%s), when %g of all pairs "
      "match\nprecision  threshold  lower bound  observed  recall  given up  "
      "accepted\n",
      SpaceName(space), fit.method, fit.matches, fit.others, fit.data,
      fit.prior);
  for (const CalibratedThreshold& threshold : fit.thresholds) {
    absl::StrAppendFormat(
        &text, "%9g  %9.4f  %11.4f  %8.4f  %6.3f  %8.3f  %8d\n",
        threshold.precision, threshold.similarity, threshold.lower_bound,
        threshold.observed, threshold.recall, 1 - threshold.recall,
        threshold.accepted);
  }
  for (const RefusedPrecision& refused : fit.refused) {
    absl::StrAppendFormat(&text, "%9g  refused: ", refused.precision);
    absl::StrAppend(
        &text, refused.pairs_needed > 0
                   ? absl::StrCat("it would take at least ",
                                  refused.pairs_needed, " pairs like these\n")
                   : "no threshold separates that well, whatever the "
                     "number of pairs\n");
  }
  return text;
}

// Copies the bundle to `out`.
absl::Status CopyBundle(const std::string& folder, const std::string& out) {
  std::error_code error;
  std::filesystem::create_directories(out, error);
  for (const char* name : {"weights.safetensors", "card.json"}) {
    if (error) break;
    std::filesystem::copy_file(
        absl::StrCat(folder, "/", name), absl::StrCat(out, "/", name),
        std::filesystem::copy_options::overwrite_existing, error);
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("can't copy the bundle to ", out, ": ", error.message()));
}

// A precision that was asked for by name and is not there is a failure.
absl::Status CheckRefused(const CalibrateFlags& flags,
                          const Calibrations& fits) {
  if (flags.precision_option->count() == 0) return absl::OkStatus();
  for (const Space space : kAllSpaces) {
    if (fits[space].has_value() && !fits[space]->refused.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the data can't vouch for every precision in the space ",
                       SpaceName(space), "; what it can vouch for was stored"));
    }
  }
  return absl::OkStatus();
}

absl::Status RunCalibrate(const CalibrateFlags& flags,
                          const CommandContext& context) {
  RETURN_IF_ERROR(flags.fit.Validate());
  ASSIGN_OR_RETURN(const TestedData tested, ReadTestedData(flags.data));
  ASSIGN_OR_RETURN(const std::string folder, FindModel(flags.model));
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                   LoadModel(folder, flags.workers));
  ASSIGN_OR_RETURN(const Calibrations fits,
                   Fit(flags, tested, *embedder, context.quiet));
  if (!flags.out.empty()) RETURN_IF_ERROR(CopyBundle(folder, flags.out));
  const std::string target = flags.out.empty() ? folder : flags.out;
  RETURN_IF_ERROR(StoreCalibration(target, fits));
  nlohmann::ordered_json document = {{"model_id", embedder->model().id},
                                     {"bundle", target}};
  for (const Space space : kAllSpaces) {
    if (!fits[space].has_value()) continue;
    if (!context.json) std::cout << CalibrationText(space, *fits[space]);
    document["spaces"][std::string(SpaceName(space))] =
        CalibrationToJson(*fits[space]);
  }
  if (context.json) PrintJson(document);
  return CheckRefused(flags, fits);
}

}  // namespace

void AddCalibrateCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<CalibrateFlags>();
  CLI::App* command = AddCommand(
      app, "calibrate",
      "Fit what a similarity is worth, and thresholds, into a bundle.\n"
      "From pictures that no training saw: the probability of a match, and for "
      "each\nprecision the lowest threshold whose lower 95 % bound meets it. A "
      "precision that\nthe data can't vouch for is refused; named with "
      "--precision it makes the exit\ncode 1.",
      "  likeness calibrate --model models/mine --data photos/ \\\n"
      "    --split run/split-photos.json\n"
      "  likeness calibrate --model models/mine --data photos/ --space copy "
      "\\\n    --precision 0.9,0.99 --prior 0.001 --out models/calibrated\n");
  AddTestedDataFlags(*command, flags->data);
  AddSetting(*command, context, "--model", flags->model,
             "Folder of the model bundle");
  command->add_option("--space", flags->space, "similar, copy or both")
      ->check(CLI::IsMember({"similar", "copy", "both"}))
      ->capture_default_str();
  flags->precision_option =
      command
          ->add_option("--precision", flags->fit.precisions,
                       "To find thresholds for, with commas between")
          ->delimiter(',')
          ->capture_default_str();
  command
      ->add_option("--prior", flags->fit.prior,
                   "Share of true matches among the pairs that will be judged")
      ->capture_default_str();
  command->add_option("--pairs", flags->max_pairs, "Of each kind, at most")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  command
      ->add_option("--originals", flags->copies.originals,
                   "copy: pictures to make copies of")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--seed", flags->seed, "Of edits and sampled pairs")
      ->capture_default_str();
  command->add_option("--out", flags->out,
                      "Folder for the calibrated bundle (default: in place)");
  AddSetting(*command, context, "--workers", flags->workers,
             "Threads that run the network (0: one for each core)")
      ->check(CLI::Range(0, 1024));
  AddJsonFlag(*command, context);
  AddQuietFlag(*command, context);
  command->callback([flags, &context] {
    context.Finish("calibrate", RunCalibrate(*flags, context));
  });
}

}  // namespace likeness
