// likeness tune: which index suits a collection's own vectors.
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/core/status_macros.h"
#include "indexer/cancel.h"
#include "tools/collection_text.h"
#include "tools/commands.h"
#include "tools/local_engine.h"
#include "tools/scratch_folder.h"
#include "tools/status_line.h"
#include "tools/stop_signals.h"
#include "tools/tune_index.h"

namespace likeness {
namespace {

using Json = nlohmann::ordered_json;

// Beside the one that is asked for.
constexpr float kShownRecalls[] = {0.9F, 0.95F, 0.99F};
constexpr uint64_t kSampleSeed = 1;

struct TuneFlags {
  std::string data;
  std::string collection = "pictures";
  std::string space = "similar";
  float recall = kDefaultRecallTarget;
  int sample = 20'000;
  int seconds = 600;
  bool apply = false;
};

// What was measured, and what follows.
struct Tuning {
  size_t vectors = 0;
  int dimensions = 0;
  std::vector<TunedCandidate> candidates;
  size_t left_out = 0;  // For want of time.
  std::optional<size_t> cheapest;
  bool applied = false;
};

std::vector<float> Recalls(float asked) {
  std::vector<float> recalls(std::begin(kShownRecalls),
                             std::end(kShownRecalls));
  recalls.push_back(asked);
  std::sort(recalls.begin(), recalls.end());
  recalls.erase(std::unique(recalls.begin(), recalls.end()), recalls.end());
  return recalls;
}

std::string ParamsText(const IndexBuildParams& params) {
  const absl::string_view code = VectorCodeName(params.code);
  if (params.kind == IndexKind::kIvf) return absl::StrCat("ivf, ", code);
  return absl::StrCat("hnsw, ", code, ", M = ", params.m,
                      ", efConstruction = ", params.ef_construction);
}

// At least the first of the candidates, then those that there is time for.
absl::Status MeasureAll(const TuneFlags& flags, absl::Span<const float> rows,
                        const CommandContext& context,
                        const CancelToken& cancel, Tuning& tuning) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ScratchFolder> scratch,
                   ScratchFolder::Make());
  const std::vector<float> recalls = Recalls(flags.recall);
  const absl::Time end = absl::Now() + absl::Seconds(flags.seconds);
  const std::vector<IndexBuildParams> all = TuningCandidates();
  StatusLine line(kSlowRedraw);
  for (const IndexBuildParams& params : all) {
    if (!tuning.candidates.empty() && absl::Now() >= end) break;
    if (!context.quiet) {
      line.Show(absl::StrFormat("measuring %d of %d: %s",
                                tuning.candidates.size() + 1, all.size(),
                                ParamsText(params)));
    }
    ASSIGN_OR_RETURN(TunedCandidate candidate,
                     MeasureCandidate(rows, tuning.dimensions, params, recalls,
                                      scratch->path(), [&cancel] {
                                        return !cancel.cancelled();
                                      }));
    tuning.candidates.push_back(std::move(candidate));
  }
  line.Wipe();
  tuning.left_out = all.size() - tuning.candidates.size();
  return absl::OkStatus();
}

absl::Status CheckWorthwhile(const Collection& collection, size_t vectors) {
  const uint32_t least = collection.stats().index.min_graph_rows.value();
  if (vectors >= least) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("there are ", vectors, " vectors, and below ", least,
                   " every search is exact: there is nothing to tune"));
}

absl::Status Apply(const TuneFlags& flags, const IndexBuildParams& params,
                   CollectionSet& set) {
  return set
      .UpdateIndexOptions(flags.collection,
                          [&](IndexOptions& options) {
                            options.code = params.code;
                            options.recall_target = flags.recall;
                            // A graph that is best for a sample is not best
                            // for any size: that is left to the rule.
                            options.kind.reset();
                            if (params.kind == IndexKind::kIvf) {
                              options.kind = params.kind;
                              return;
                            }
                            options.m = params.m;
                            options.ef_construction = params.ef_construction;
                          })
      .status();
}

absl::StatusOr<Tuning> Tune(const TuneFlags& flags,
                            const CommandContext& context,
                            const CancelToken& cancel) {
  ASSIGN_OR_RETURN(const Space space, ParseSpace(flags.space));
  ASSIGN_OR_RETURN(const LocalCollection local,
                   OpenCollection(flags.data, flags.collection));
  ASSIGN_OR_RETURN(const std::vector<float> rows,
                   local.collection->SampleVectors(
                       space, static_cast<size_t>(flags.sample), kSampleSeed));
  Tuning tuning;
  tuning.dimensions = local.collection->spec().dimensions[space];
  tuning.vectors = rows.size() / static_cast<size_t>(tuning.dimensions);
  RETURN_IF_ERROR(CheckWorthwhile(*local.collection, tuning.vectors));
  RETURN_IF_ERROR(MeasureAll(flags, rows, context, cancel, tuning));
  tuning.cheapest = Cheapest(tuning.candidates, flags.recall);
  if (flags.apply && tuning.cheapest.has_value()) {
    RETURN_IF_ERROR(
        Apply(flags, tuning.candidates[*tuning.cheapest].params, *local.set));
    tuning.applied = true;
  }
  return tuning;
}

Json CandidateJson(const TunedCandidate& candidate) {
  const IndexBuildParams& params = candidate.params;
  const bool graph = params.kind == IndexKind::kHnsw;
  Json searches = Json::array();
  for (const TunedSearch& search : candidate.searches) {
    searches.push_back({{"recall", DecimalOf(search.recall)},
                        {graph ? "ef_search" : "nprobe", search.effort},
                        {"queries_per_second", search.queries_per_second}});
  }
  Json json = {{"kind", std::string(IndexKindName(params.kind))},
               {"code", std::string(VectorCodeName(params.code))}};
  if (graph) {
    json["m"] = params.m;
    json["ef_construction"] = params.ef_construction;
  }
  json["build_seconds"] = candidate.build_seconds;
  json["bytes_per_vector"] = candidate.bytes_per_vector;
  json["mapped_bytes_per_vector"] = candidate.mapped_per_vector;
  json["searches"] = std::move(searches);
  return json;
}

Json TuningJson(const TuneFlags& flags, const Tuning& tuning) {
  Json candidates = Json::array();
  for (const TunedCandidate& candidate : tuning.candidates) {
    candidates.push_back(CandidateJson(candidate));
  }
  Json json = {{"collection", flags.collection},
               {"space", flags.space},
               {"vectors", tuning.vectors},
               {"dimensions", tuning.dimensions},
               {"recall_target", DecimalOf(flags.recall)},
               {"candidates", std::move(candidates)},
               {"left_out", tuning.left_out},
               {"applied", tuning.applied}};
  if (tuning.cheapest.has_value()) {
    json["recommended"] = CandidateJson(tuning.candidates[*tuning.cheapest]);
  }
  return json;
}

std::string EffortText(const TunedCandidate& candidate, float recall) {
  const TunedSearch* search = candidate.At(recall);
  return search == nullptr ? "-" : absl::StrCat(search->effort);
}

// Of a graph only.
std::string NumberText(const IndexBuildParams& params, int number) {
  return params.kind == IndexKind::kHnsw ? absl::StrCat(number) : "-";
}

std::string TuningText(const TuneFlags& flags, const Tuning& tuning) {
  std::string text = absl::StrFormat(
      "%d vectors of %d dimensions, one thread; queries a second at recall "
      "%.3g; efSearch (nprobe of ivf) at recalls\n"
      "%-4s %-9s %4s %5s  %6s %6s %6s  %9s %12s %8s\n",
      tuning.vectors, tuning.dimensions, flags.recall, "kind", "code", "M",
      "efC", "@.90", "@.95", "@.99", "queries/s", "bytes/vector", "build s");
  for (size_t i = 0; i < tuning.candidates.size(); ++i) {
    const TunedCandidate& candidate = tuning.candidates[i];
    const IndexBuildParams& params = candidate.params;
    const TunedSearch* search = candidate.At(flags.recall);
    absl::StrAppendFormat(
        &text, "%-4s %-9s %4s %5s  %6s %6s %6s  %9s %12.0f %8.1f%s\n",
        IndexKindName(params.kind), VectorCodeName(params.code),
        NumberText(params, params.m),
        NumberText(params, params.ef_construction), EffortText(candidate, 0.9F),
        EffortText(candidate, 0.95F), EffortText(candidate, 0.99F),
        search == nullptr ? "-"
                          : absl::StrFormat("%.0f", search->queries_per_second),
        candidate.bytes_per_vector, candidate.build_seconds,
        tuning.cheapest == i ? "  <- cheapest" : "");
  }
  if (tuning.left_out > 0) {
    absl::StrAppend(&text, tuning.left_out,
                    " were left out for want of time (--seconds)\n");
  }
  if (!tuning.cheapest.has_value()) {
    absl::StrAppend(&text, "none reaches the recall\n");
  } else if (tuning.applied) {
    absl::StrAppend(&text,
                    "applied; likeness compact rebuilds what is there\n");
  } else {
    absl::StrAppend(&text, "--apply sets it on the collection\n");
  }
  return text;
}

absl::Status RunTune(const TuneFlags& flags, const CommandContext& context) {
  if (flags.data.empty()) {
    return absl::InvalidArgumentError(
        "which collection? name a data directory with --data DIR (or "
        "LIKENESS_DATA); a server's is not read, stop it or tune a snapshot");
  }
  CancelToken cancel;
  ASSIGN_OR_RETURN(const std::unique_ptr<StopSignals> signals,
                   StopSignals::Catch([&cancel](int) { cancel.Cancel(); }));
  ASSIGN_OR_RETURN(const Tuning tuning, Tune(flags, context, cancel));
  if (context.json) {
    PrintJson(TuningJson(flags, tuning));
  } else {
    std::cout << TuningText(flags, tuning);
  }
  return absl::OkStatus();
}

}  // namespace

void AddTuneCommand(CLI::App& app, CommandContext& context) {
  auto flags = std::make_shared<TuneFlags>();
  CLI::App* command = AddCommand(
      app, "tune",
      "Find the cheapest index that reaches a recall.\n"
      "Measures graphs and lists over a sample of a collection's own vectors: "
      "how many\ncandidates (efSearch) or lists (nprobe) a recall takes, how "
      "fast that is, what\nmemory and building cost. The cheapest is, of those "
      "within a tenth of the\nfastest, the smallest. Every segment measures "
      "its own efSearch or nprobe when it\nis built, so only kind, code, M and "
      "efConstruction are chosen here.",
      "  likeness tune --data ./catalogue\n"
      "  likeness tune --data ./catalogue --recall 0.95 --apply\n");
  AddSetting(*command, context, "--data", flags->data,
             "Data directory to open");
  AddSetting(*command, context, "--collection", flags->collection,
             "Collection to use");
  command->add_option("--space", flags->space, "similar or copy")
      ->capture_default_str();
  command
      ->add_option("--recall", flags->recall,
                   "Share of the nearest to find, above 0 and below 1")
      ->check(CLI::Range(0.01F, 0.999F))
      ->capture_default_str();
  command
      ->add_option("--sample", flags->sample,
                   "Vectors to draw at most, 1000 to 1000000")
      ->check(CLI::Range(1000, 1'000'000))
      ->capture_default_str();
  command
      ->add_option("--seconds", flags->seconds,
                   "Measure nothing new after so long")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command->add_flag("--apply", flags->apply,
                    "Set the cheapest, and the recall, on the collection");
  AddJsonFlag(*command, context);
  AddQuietFlag(*command, context);
  command->callback(
      [flags, &context] { context.Finish("tune", RunTune(*flags, context)); });
}

}  // namespace likeness
